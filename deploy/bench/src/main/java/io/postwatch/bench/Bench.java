package io.postwatch.bench;

import io.postwatch.bench.agent.AgentCommand;
import io.postwatch.bench.agent.AgentTargetsCommand;
import io.postwatch.bench.hostile.HostileCommand;
import io.postwatch.bench.hostile.HostileEngineCommand;
import io.postwatch.bench.hostile.TargetsCommand;
import io.postwatch.bench.probe.EngineCommand;
import io.postwatch.bench.probe.ProbeCommand;
import io.postwatch.bench.probe.StubCommand;
import io.postwatch.bench.swarm.SwarmCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line of the benchmarks. Without a name it lists what there is. */
@Command(
        name = "deploy/bench/run",
        mixinStandardHelpOptions = true,
        description = "Measures Postwatch beside other programs. Nothing is installed; nothing leaves this machine.")
public final class Bench implements Runnable {

    private final PrintWriter out;

    @Spec
    private CommandSpec command = CommandSpec.create();

    private Bench(PrintWriter out) {
        this.out = out;
    }

    /** Called by the Java launcher. */
    public static void main(String[] arguments) {
        System.exit(commandLine(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .execute(arguments));
    }

    static CommandLine commandLine(PrintWriter out) {
        return new CommandLine(new Bench(out))
                .addSubcommand(new ProbeCommand(out))
                .addSubcommand(new EngineCommand(System.in, out))
                .addSubcommand(new StubCommand(System.in, out))
                .addSubcommand(new HostileCommand(out))
                .addSubcommand(new HostileEngineCommand(System.in, out))
                .addSubcommand(new TargetsCommand(System.in, out))
                .addSubcommand(new SwarmCommand(out))
                .addSubcommand(new AgentCommand(out))
                .addSubcommand(new AgentTargetsCommand(System.in, out))
                .setOut(out)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("deploy/bench/run: " + failure.getMessage());
                    return command.getCommandSpec().exitCodeOnExecutionException();
                });
    }

    @Override
    public void run() {
        command.commandLine().usage(out);
    }
}
