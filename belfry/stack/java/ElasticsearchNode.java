package belfry.stack;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Runs one Elasticsearch node on the class path: ElasticsearchNode PARENT LOCK PROGRAM DATA HTTP_PORT TRANSPORT_PORT.
 *
 * PROGRAM holds `modules` and is shared by all nodes; DATA is this node's own.
 */
public final class ElasticsearchNode {

    private static final String NAME = "belfry";

    private ElasticsearchNode() {
    }

    public static void main(String[] args) throws Exception {
        Lifeline.tie(Long.parseLong(args[0]));
        Lifeline.lock(Path.of(args[1]));
        Node node = node(Path.of(args[2]).toAbsolutePath(), Path.of(args[3]).toAbsolutePath(), args[4], args[5]);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node, stopped), "close"));
        node.start();
        stopped.await();
    }

    private static Node node(Path program, Path data, String httpPort, String transportPort) {
        Settings settings = Settings.builder()
            .put("path.home", program.toString())
            .put("path.data", data.toString())
            .put("node.name", NAME)
            .put("cluster.name", NAME)
            .put("discovery.type", "single-node")
            // Nothing here asks for a password: only this machine may reach it.
            .put("network.host", "127.0.0.1")
            .put("http.port", httpPort)
            .put("transport.port", transportPort)
            // On a disk that is 90 % full, shards would be refused though gigabytes are free.
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .put("logger.level", "WARN")
            .build();
        LogConfigurator.registerErrorListener();
        LogConfigurator.configureWithoutConfig(settings);
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            settings, Map.of(), data.resolve("config"), () -> NAME);
        // false: on the class path there are no named modules whose exports could be read.
        PluginsLoader plugins = PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir(), false), Set.of(), Map.of(), false);
        return new Node(environment, plugins);
    }

    private static void close(Node node, CountDownLatch stopped) {
        try {
            node.prepareForClose();
            node.close();
            node.awaitClose(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            e.printStackTrace();
        } finally {
            stopped.countDown();
        }
    }
}
