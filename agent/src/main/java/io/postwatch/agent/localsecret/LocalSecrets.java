package io.postwatch.agent.localsecret;

import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of this host that its configuration lists. Variables and files are read anew for each run, commands at most
 * once a minute. Any thread may call it.
 */
public final class LocalSecrets {

    /** More names than an agent tells of, and a host has use for. */
    public static final int MAX_SECRETS = 100;

    /** The variables of the agent's process. */
    @FunctionalInterface
    public interface Environment {

        /** Null where there is none of this name. */
        @Nullable
        String value(String variable);
    }

    private final SortedMap<LocalSecretName, LocalSecret> listed;
    private final Map<LocalSecretName, SecretCommand> commands = new HashMap<>();
    private final Environment environment;

    /**
     * @param listed what the configuration says; at most {@link #MAX_SECRETS}
     */
    public LocalSecrets(Map<LocalSecretName, LocalSecret> listed, Environment environment, NanoTicker ticker) {
        if (listed.size() > MAX_SECRETS) {
            throw new IllegalArgumentException("a host lists at most " + MAX_SECRETS + " secrets");
        }
        this.listed = new TreeMap<>(listed);
        this.environment = environment;
        listed.forEach((name, secret) -> {
            if (secret.source() instanceof SecretSource.Command command) {
                commands.put(name, new SecretCommand(name, command, ticker, SecretCommand.TIME_LIMIT));
            }
        });
    }

    /** Those that the controller is told of, in their order: by name alone. */
    public List<String> names() {
        return listed.keySet().stream().map(LocalSecretName::text).toList();
    }

    /** Another one for each list by which assignments are accepted and rejected; empty where nothing is listed. */
    public String fingerprint() {
        if (listed.isEmpty()) {
            return "";
        }
        StringBuilder all = new StringBuilder();
        listed.forEach((name, secret) -> all.append(name)
                .append(secret.hosts().stream().map(MailHost::text).sorted().toList())
                .append('\n'));
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(all.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /**
     * Whether a check of this host may log in with that secret; reads nothing.
     *
     * @throws LocalSecretException where the configuration doesn't list it, or not for this host
     */
    public void requireAllowed(LocalSecretName name, MailHost host) throws LocalSecretException {
        allowed(name, host);
    }

    /**
     * The secret itself, for one run. Blocks while a command runs, until the deadline at most.
     *
     * @throws LocalSecretException where it may not be used for this host or can't be had
     */
    public String read(LocalSecretName name, MailHost host, Deadline deadline) throws LocalSecretException {
        return switch (allowed(name, host).source()) {
            case SecretSource.Variable(String variable) -> variable(name, variable);
            case SecretSource.PrivateFile(Path path) -> SecretFile.read(name, path);
            case SecretSource.Command _ -> printed(name, deadline);
        };
    }

    /** Says that what was read makes no login, and why; the reason is told as it is. */
    public static LocalSecretException unusable(LocalSecretName name, String why) {
        return new LocalSecretException(
                "What the agent's host gives as the secret \"" + name + "\" can't be used to log in: " + why + ".",
                "secrets." + name);
    }

    /** What would keep each secret from being read now, as far as that shows without reading it: for the log at the start. */
    public List<LocalSecretException> troubles() {
        List<LocalSecretException> troubles = new ArrayList<>();
        listed.forEach((name, secret) -> {
            try {
                look(name, secret.source());
            } catch (LocalSecretException trouble) {
                troubles.add(trouble);
            }
        });
        return troubles;
    }

    private void look(LocalSecretName name, SecretSource source) throws LocalSecretException {
        switch (source) {
            case SecretSource.Variable(String variable) -> variable(name, variable);
            case SecretSource.PrivateFile(Path path) -> SecretFile.checkRights(name, path);
            case SecretSource.Command(List<String> words) -> {
                if (!Files.isExecutable(Path.of(words.getFirst()))) {
                    throw new LocalSecretException(
                            "The command of the secret \"" + name + "\" can't be started by the agent's user.",
                            words.getFirst());
                }
            }
        }
    }

    private LocalSecret allowed(LocalSecretName name, MailHost host) throws LocalSecretException {
        LocalSecret secret = listed.get(name);
        if (secret == null) {
            throw new LocalSecretException(
                    "The agent's own configuration lists no secret \"" + name + "\".", "secrets." + name);
        }
        if (!secret.isFor(host)) {
            throw new LocalSecretException(
                    "The agent's own configuration doesn't let the secret \"" + name + "\" be used for " + host + ".",
                    "secrets." + name + ".hosts");
        }
        return secret;
    }

    private String variable(LocalSecretName name, String variable) throws LocalSecretException {
        String value = environment.value(variable);
        if (value == null || value.isEmpty()) {
            throw new LocalSecretException(
                    "The variable of the secret \"" + name + "\" is not in the agent's environment, or is empty.",
                    "env:" + variable);
        }
        return value;
    }

    private String printed(LocalSecretName name, Deadline deadline) throws LocalSecretException {
        SecretCommand command = commands.get(name);
        if (command == null) {
            throw new IllegalStateException("every listed command is known");
        }
        CompletableFuture<SecretCommand.Answer> answer = command.answer();
        try (Deadline.Registration _ = deadline.register(() -> answer.cancel(false))) {
            return switch (answer.join()) {
                case SecretCommand.Answer.Line(String secret) -> secret;
                case SecretCommand.Answer.None(LocalSecretException failure) -> throw failure;
            };
        } catch (CancellationException | CompletionException outOfTime) {
            throw new LocalSecretException(
                    "The command of the secret \"" + name + "\" did not answer within the run's time.",
                    "secrets." + name);
        }
    }
}
