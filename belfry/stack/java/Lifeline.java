package belfry.stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Ties a server to whoever started it, and a folder to one server.
 *
 * The parent holds the other end of standard input and never writes to it. Its end means that the parent is gone, also
 * by kill -9. A process forked from the parent may keep that pipe open, so the parent's end is watched as well.
 */
final class Lifeline {

    private static final long LOCK_WITHIN_MS = 20_000;
    private static final long STOP_WITHIN_MS = 15_000;
    private static final int LOCKED = 75;

    /** Referenced for as long as the process lives, so that the lock is held for as long. */
    private static FileLock held;

    private Lifeline() {
    }

    /** Whether a parent that is gone means to stop at once, leaving nothing to be written on the way out. */
    private static boolean abrupt() {
        return Boolean.getBoolean("belfry.abrupt");
    }

    static void tie(long parent) {
        ProcessHandle.of(parent).ifPresentOrElse(handle -> handle.onExit().thenRun(Lifeline::stop), Lifeline::stop);
        Thread reader = new Thread(Lifeline::readToTheEnd, "lifeline");
        reader.setDaemon(true);
        reader.start();
    }

    /** Takes the lock, waiting for a server that is just stopping; ends the process where it is not to be had. */
    static void lock(Path file) throws IOException, InterruptedException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long deadline = System.nanoTime() + LOCK_WITHIN_MS * 1_000_000;
        while ((held = channel.tryLock()) == null) {
            if (System.nanoTime() > deadline) {
                System.out.println("BELFRY folder in use: " + file.toAbsolutePath().getParent());
                Runtime.getRuntime().halt(LOCKED);
            }
            Thread.sleep(50);
        }
    }

    private static void readToTheEnd() {
        InputStream in = System.in;
        try {
            while (in.read() >= 0) {
                // Nothing is ever said on this pipe; only its end means something.
            }
        } catch (IOException e) {
            // As good as its end.
        }
        stop();
    }

    private static void stop() {
        if (abrupt()) {
            Runtime.getRuntime().halt(1);
        }
        Thread last = new Thread(() -> {
            try {
                Thread.sleep(STOP_WITHIN_MS);
            } catch (InterruptedException e) {
                // Then it ends sooner.
            }
            Runtime.getRuntime().halt(1);
        }, "lifeline-last");
        last.setDaemon(true);
        last.start();
        System.exit(0);
    }
}
