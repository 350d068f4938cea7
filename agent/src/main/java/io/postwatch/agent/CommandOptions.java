package io.postwatch.agent;

import io.postwatch.agent.identity.EnrolmentToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that both commands have; each also as an environment variable. */
final class CommandOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "${env:POSTWATCH_CONFIG}",
            description = "Configuration file (POSTWATCH_CONFIG).")
    @Nullable
    Path file;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = "${env:POSTWATCH_STATE}",
            description = "The agent's own folder: identity, assignments, unsent results (POSTWATCH_STATE).")
    @Nullable
    Path state;

    @Option(
            names = "--controller",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:POSTWATCH_CONTROLLER}",
            description = "Where the controller listens for agents (POSTWATCH_CONTROLLER).")
    @Nullable
    String controller;

    @Option(
            names = "--proxy",
            paramLabel = "http://HOST:PORT",
            defaultValue = "${env:POSTWATCH_PROXY}",
            description = "HTTP proxy on the way to the controller (POSTWATCH_PROXY). Checks never use it.")
    @Nullable
    String proxy;

    @Option(
            names = "--proxy-user",
            paramLabel = "USER",
            defaultValue = "${env:POSTWATCH_PROXY_USER}",
            description = "User at that proxy, where it asks for one (POSTWATCH_PROXY_USER).")
    @Nullable
    String proxyUser;

    @Option(
            names = "--proxy-password-file",
            paramLabel = "FILE",
            defaultValue = "${env:POSTWATCH_PROXY_PASSWORD_FILE}",
            description = "File that holds that user's password (POSTWATCH_PROXY_PASSWORD_FILE).")
    @Nullable
    String proxyPasswordFile;

    @Option(
            names = "--proxy-ca-file",
            paramLabel = "FILE",
            defaultValue = "${env:POSTWATCH_PROXY_CA_FILE}",
            description = "PEM file with authorities to trust in the proxy's own certificate, where it is at https://"
                    + " (POSTWATCH_PROXY_CA_FILE).")
    @Nullable
    String proxyCaFile;

    @Option(
            names = "--addresses-policy",
            paramLabel = "private|public",
            defaultValue = "${env:POSTWATCH_ADDRESSES_POLICY}",
            description =
                    "public: whoever chooses the targets may be anybody, and checks reach public addresses and the"
                            + " ports of mail only (POSTWATCH_ADDRESSES_POLICY).")
    @Nullable
    String addressesPolicy;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "${env:POSTWATCH_NAME}",
            description = "Name proposed at enrolment; the host's name where it is absent (POSTWATCH_NAME).")
    @Nullable
    String name;

    @Option(
            names = "--token",
            paramLabel = "pwe_…",
            defaultValue = "${env:POSTWATCH_ENROL_TOKEN}",
            description = "One-time enrolment token (POSTWATCH_ENROL_TOKEN). Others on this host can read a command"
                    + " line: prefer the file.")
    @Nullable
    String token;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            defaultValue = "${env:POSTWATCH_ENROL_TOKEN_FILE}",
            description = "File that holds the token (POSTWATCH_ENROL_TOKEN_FILE).")
    @Nullable
    Path tokenFile;

    AgentConfiguration configuration() throws ConfigurationException {
        return AgentConfiguration.read(
                new AgentConfiguration.Options(
                        file,
                        state,
                        controller,
                        new ProxyConfiguration.Options(proxy, proxyUser, proxyPasswordFile, proxyCaFile),
                        addressesPolicy,
                        name),
                HostFacts.hostName());
    }

    Optional<EnrolmentToken> token() throws ConfigurationException {
        String text = token;
        Path path = tokenFile;
        try {
            if (text == null && path != null) {
                text = Files.readString(path, StandardCharsets.US_ASCII);
            }
            return Optional.ofNullable(text).filter(some -> !some.isBlank()).map(EnrolmentToken::parse);
        } catch (IOException unreadable) {
            throw new ConfigurationException("The token file " + path + " can't be read.", unreadable);
        } catch (IllegalArgumentException malformed) {
            throw new ConfigurationException("The token is not right: " + malformed.getMessage() + ".", malformed);
        }
    }
}
