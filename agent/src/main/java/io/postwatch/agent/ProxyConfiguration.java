package io.postwatch.agent;

import io.postwatch.agent.link.channel.ControllerProxy;
import io.postwatch.agent.link.channel.ProxyLogin;
import io.postwatch.agent.link.channel.ProxyTls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The proxy on the way to the controller, as the command line, the environment and the file name it. */
final class ProxyConfiguration {

    private ProxyConfiguration() {}

    /** What the command line and the environment say; each may be absent. */
    record Options(
            @Nullable String proxy,
            @Nullable String user,
            @Nullable String passwordFile,
            @Nullable String authorityFile) {

        static final Options NONE = new Options(null, null, null, null);
    }

    /** Null: none is named. The password is read once, so that a file that can't be is noticed at the start. */
    static @Nullable ControllerProxy read(ConfigurationFile file, Options options) throws ConfigurationException {
        Optional<ControllerProxy> inFile = file.value("controller.proxy", ControllerProxy::parse);
        Optional<String> user = given(options.user()).or(fromFile(file.text("controller.proxy-user")));
        Optional<Path> passwordFile = given(options.passwordFile())
                .map(Path::of)
                .or(fromFile(file.value("controller.proxy-password-file", Path::of)));
        Optional<Path> authorityFile = given(options.authorityFile())
                .map(Path::of)
                .or(fromFile(file.value("controller.proxy-ca-file", Path::of)));
        Optional<ControllerProxy> named = onCommandLine(options.proxy()).or(() -> inFile);
        Optional<ControllerProxy> proxy =
                authorityFile.isPresent() ? Optional.of(trusting(authorityFile.get(), named)) : named;
        if (user.isPresent() != passwordFile.isPresent()) {
            throw new ConfigurationException("A proxy's user needs a password, and a password a user: give both"
                    + " \"controller.proxy-user\" and \"controller.proxy-password-file\", or neither.");
        }
        if (user.isEmpty()) {
            return proxy.orElse(null);
        }
        return proxy.orElseThrow(() -> new ConfigurationException(
                        "There is a user for a proxy but no proxy: give \"controller.proxy\" or --proxy."))
                .withLogin(login(user.get(), passwordFile.orElseThrow()));
    }

    /** A variable of the environment that is there and empty says nothing. */
    private static Optional<String> given(@Nullable String option) {
        return Optional.ofNullable(option).filter(some -> !some.isBlank());
    }

    private static ControllerProxy trusting(Path authorityFile, Optional<ControllerProxy> proxy)
            throws ConfigurationException {
        ControllerProxy named = proxy.filter(one -> one.tls() != null)
                .orElseThrow(
                        () -> new ConfigurationException(
                                "\"controller.proxy-ca-file\" is for the certificate of a proxy"
                                        + " at https://, and there is none. In the certificate of a controller no other authority is trusted."));
        return named.withTls(new ProxyTls(CertificateFile.read(authorityFile, "controller.proxy-ca-file")));
    }

    private static <T> Supplier<Optional<T>> fromFile(Optional<T> value) {
        return () -> value;
    }

    private static Optional<ControllerProxy> onCommandLine(@Nullable String text) throws ConfigurationException {
        try {
            return given(text).map(ControllerProxy::parse);
        } catch (IllegalArgumentException malformed) {
            throw new ConfigurationException("With --proxy, " + malformed.getMessage() + ".", malformed);
        }
    }

    private static ProxyLogin login(String user, Path passwordFile) throws ConfigurationException {
        try {
            ProxyLogin login = new ProxyLogin(user, passwordFile);
            login.password();
            return login;
        } catch (IllegalArgumentException malformed) {
            throw new ConfigurationException(
                    "The proxy's user is not right: " + malformed.getMessage() + ".", malformed);
        } catch (IOException unreadable) {
            throw new ConfigurationException("For the proxy, " + unreadable.getMessage() + ".", unreadable);
        }
    }
}
