package io.postwatch.controller.identity;

import io.postwatch.controller.home.ConfiguredSecret;
import io.postwatch.controller.home.StartupRefused;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The first owner, and how long people stay signed in.
 *
 * @param setupToken the one-time token of the first set-up; one is made and logged where it is missing
 * @param owner makes the first owner without a token
 * @param sessionIdle a session that nobody uses ends after this
 * @param sessionAbsolute every session ends after this
 */
@ConfigurationProperties("postwatch.identity")
record IdentityProperties(
        @Nullable String setupToken,
        @DefaultValue Owner owner,
        @DefaultValue("30m") Duration sessionIdle,
        @DefaultValue("12h") Duration sessionAbsolute) {
    private static final int SHORTEST_TOKEN = 16;

    IdentityProperties {
        if (sessionIdle.compareTo(Duration.ofMinutes(1)) < 0 || sessionAbsolute.compareTo(sessionIdle) < 0) {
            throw new StartupRefused(
                    "Sessions would end after " + sessionIdle + " without use and " + sessionAbsolute + " at most.",
                    "Set postwatch.identity.session-idle to at least a minute and session-absolute to no less than it.");
        }
    }

    /** Without the secrets, wherever it is printed. */
    @Override
    public String toString() {
        return "IdentityProperties[owner=" + owner + ", sessionIdle=" + sessionIdle + ", sessionAbsolute="
                + sessionAbsolute + "]";
    }

    Optional<String> configuredToken() {
        Optional<String> token = ConfiguredSecret.read("POSTWATCH_SETUP_TOKEN", setupToken, null);
        if (token.isPresent() && token.get().length() < SHORTEST_TOKEN) {
            throw new StartupRefused(
                    "POSTWATCH_SETUP_TOKEN has fewer than " + SHORTEST_TOKEN + " characters.",
                    "Choose a longer one, for example with: openssl rand -hex 16");
        }
        return token;
    }

    /**
     * The first owner, made at the first start.
     *
     * @param tenant the name of the first tenant; by default the domain of the e-mail address
     */
    record Owner(
            @Nullable String email,
            @Nullable String password,
            @Nullable Path passwordFile,
            @Nullable String tenant) {
        /** Without the password, wherever it is printed. */
        @Override
        public String toString() {
            return "Owner[email=" + email + ", tenant=" + tenant + "]";
        }

        Optional<NewOwner> configured() {
            if (email == null || email.isEmpty()) {
                return Optional.empty();
            }
            String secret = ConfiguredSecret.read("POSTWATCH_OWNER_PASSWORD", password, passwordFile)
                    .orElseThrow(() -> new StartupRefused(
                            "POSTWATCH_OWNER_EMAIL is set, but no password.",
                            "Set POSTWATCH_OWNER_PASSWORD or POSTWATCH_OWNER_PASSWORD_FILE as well."));
            return Optional.of(new NewOwner(email, secret, tenant));
        }
    }
}
