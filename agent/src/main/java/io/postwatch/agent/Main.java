package io.postwatch.agent;

import io.postwatch.agent.link.RefusedException;
import io.postwatch.agent.probe.tls.JdkTls;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line of the agent. Exit codes: 0 done, 1 failed inside, 2 wrong usage or configuration, 3 refused by the
 * controller, 4 the controller can't be reached.
 */
@Command(
        name = "postwatch-agent",
        description = "Runs checks of mail servers from this place and tells a Postwatch controller what they find.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {EnrolCommand.class, RunCommand.class})
public final class Main {

    static final int FAILED = 1;
    static final int MISCONFIGURED = 2;
    static final int REFUSED = 3;
    static final int UNREACHABLE = 4;

    private static final String WHAT_TO_DO =
            ": see that its user can write to all of the state folder, then start it again; what is there is kept.";

    private Main() {}

    /** Called by the Java launcher. */
    public static void main(String[] arguments) {
        JdkTls.takeLongChains();
        LogOutput.begin();
        System.exit(commandLine(System.err).execute(arguments));
    }

    static CommandLine commandLine(PrintStream errors) {
        return new CommandLine(new Main()).setExecutionExceptionHandler((failure, command, parsed) -> {
            errors.println("postwatch-agent: " + sentence(failure));
            return exitCode(failure);
        });
    }

    private static String sentence(Exception failure) {
        return switch (failure) {
            case ConfigurationException misconfigured -> String.valueOf(misconfigured.getMessage());
            case RefusedException refused -> String.valueOf(refused.getMessage());
            case FileSystemException disk ->
                "The agent can't use " + disk.getFile() + " (" + reason(disk) + ")" + WHAT_TO_DO;
            case IOException disk -> "The agent's files can't be used: " + disk + ".";
            case SQLException disk -> "The agent can't use its spool (" + disk.getMessage() + ")" + WHAT_TO_DO;
            default -> "The agent failed inside: " + failure + ".";
        };
    }

    private static String reason(FileSystemException disk) {
        if (disk instanceof AccessDeniedException) {
            return "access denied";
        }
        String reason = disk.getReason();
        return reason == null ? disk.getClass().getSimpleName() : reason;
    }

    private static int exitCode(Exception failure) {
        return switch (failure) {
            case ConfigurationException _ -> MISCONFIGURED;
            case RefusedException refused -> refused.isForGood() ? REFUSED : UNREACHABLE;
            default -> FAILED;
        };
    }

    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"postwatch-agent " + HostFacts.version()};
        }
    }
}
