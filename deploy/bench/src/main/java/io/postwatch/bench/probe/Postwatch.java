package io.postwatch.bench.probe;

import io.postwatch.bench.process.Child;
import io.postwatch.bench.process.ProcessTimes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The agent's prober in a JVM with the agent's options. */
final class Postwatch implements Contender {

    private final String name;
    private final Child engine;

    private Postwatch(String name, Child engine) {
        this.name = name;
        this.engine = engine;
    }

    /**
     * Starts a JVM with it.
     *
     * @param classPath of the build to be measured
     */
    static Postwatch start(
            String name,
            List<String> prefix,
            List<String> jvmOptions,
            String classPath,
            Path authorities,
            Path log,
            String... options)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("probe-engine", "--ca", authorities.toString()));
        arguments.addAll(List.of(options));
        Child engine = Child.java(prefix, jvmOptions, classPath, log, arguments.toArray(String[]::new));
        // It says which library it speaks TLS by, once it is ready.
        return new Postwatch(name + " (" + engine.nextLine() + ")", engine);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Outcome probe(Case what, Endpoint where, int runs, int concurrency) throws IOException {
        double before = ProcessTimes.cpuMillis(engine.handle().pid());
        engine.tell(new EngineCommand.Order(what, where, runs, concurrency).line());
        String[] answer = engine.nextLine().split(" ", 3);
        if (!answer[0].equals("done")) {
            throw new IOException("a probe of Postwatch failed: " + String.join(" ", answer));
        }
        double cpuMillis = ProcessTimes.cpuMillis(engine.handle().pid()) - before;
        return new Outcome(runs, Long.parseLong(answer[1]), cpuMillis, Long.parseLong(answer[2]));
    }

    @Override
    public void close() {
        engine.close();
    }
}
