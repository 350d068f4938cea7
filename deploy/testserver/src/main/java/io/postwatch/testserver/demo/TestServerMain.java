package io.postwatch.testserver.demo;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the test server. */
@Command(
        name = "testserver",
        mixinStandardHelpOptions = true,
        description = "Mail servers that behave exactly as told, on loopback.")
public final class TestServerMain {

    private TestServerMain() {}

    /** Runs a subcommand; ends with its exit code. */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        int code = new CommandLine(new TestServerMain())
                .addSubcommand(new DemoCommand(out))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("testserver: " + failure.getMessage());
                    return command.getCommandSpec().exitCodeOnExecutionException();
                })
                .execute(arguments);
        System.exit(code);
    }
}
