package belfry.analysis;

import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.elasticsearch.index.analysis.AbstractIndexAnalyzerProvider;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * Lucene's language analysers by the names that a full Elasticsearch has for them: the module that brings them there is
 * not published by itself, the classes are.
 */
public final class LanguageAnalysers extends Plugin implements AnalysisPlugin {

    private static final Map<String, Supplier<Analyzer>> BY_NAME = Map.of(
        "dutch", DutchAnalyzer::new,
        "english", EnglishAnalyzer::new,
        "french", FrenchAnalyzer::new,
        "german", GermanAnalyzer::new,
        "italian", ItalianAnalyzer::new,
        "portuguese", PortugueseAnalyzer::new,
        "spanish", SpanishAnalyzer::new);

    private static final class Provider extends AbstractIndexAnalyzerProvider<Analyzer> {
        private final Analyzer analyser;

        Provider(String name, Analyzer analyser) {
            super(name);
            this.analyser = analyser;
        }

        @Override
        public Analyzer get() {
            return analyser;
        }
    }

    @Override
    public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
        return BY_NAME.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> provider(entry.getValue())));
    }

    private static AnalysisProvider<AnalyzerProvider<? extends Analyzer>> provider(Supplier<Analyzer> analyser) {
        return (index, environment, name, settings) -> new Provider(name, analyser.get());
    }
}
