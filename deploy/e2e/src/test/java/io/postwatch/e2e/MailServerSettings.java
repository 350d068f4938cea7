package io.postwatch.e2e;

import io.postwatch.testserver.TestAuthority;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What becomes /etc of the real servers: the files of {@code src/test/resources/mail} with their gaps filled, the
 * certificates, and a listener for each {@link ServedTls}.
 */
final class MailServerSettings {
    /** What every certificate names, unless it is wrong in that. */
    private static final List<String> NAMES = List.of("localhost", "127.0.0.1", "127.0.0.2", "127.0.0.3");

    private static final List<ServedTls> SERVED = Arrays.asList(ServedTls.values());

    private final Path folder;
    private final TestAuthority authority;
    private final Map<String, String> gaps;

    /**
     * Nothing is written yet.
     *
     * @param folder becomes the folder of the script {@code serve} and of {@code etc}
     * @param gaps what stands between two @ in the files, and what takes its place
     */
    MailServerSettings(Path folder, TestAuthority authority, Map<String, String> gaps) {
        this.folder = folder;
        this.authority = authority;
        this.gaps = Map.copyOf(gaps);
    }

    Path etc() {
        return folder.resolve("etc");
    }

    /** Copies the files and fills their gaps. */
    void copy(Path source) throws IOException {
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(folder.resolve(source.relativize(visited)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.writeString(folder.resolve(source.relativize(file)), filled(Files.readString(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The two certificates of the usual listeners. */
    void writeCertificates(Duration left, Duration expiredAgo) throws IOException {
        String[] names = NAMES.toArray(String[]::new);
        authority.leaf(names).expiringIn(left).issue().writePem(etc().resolve("healthy"));
        authority.leaf(names).expired(expiredAgo).issue().writePem(etc().resolve("expired"));
    }

    /** A listener for each {@link ServedTls} on each server. */
    void writeServed(Map<ServedTls, Integer> postfix, Map<ServedTls, Integer> exim, int dovecot) throws IOException {
        for (ServedTls served : SERVED) {
            served.issue(authority, "localhost", "127.0.0.1", served.address())
                    .writePem(etc().resolve(served.folder()));
        }
        authority.leaf(ServedTls.ASKED_NAME).issue().writePem(etc().resolve("certificates/asked"));
        writePostfix(postfix);
        writeExim(exim);
        writeDovecot(dovecot);
    }

    private void writePostfix(Map<ServedTls, Integer> ports) throws IOException {
        StringBuilder services = new StringBuilder();
        ports.forEach((served, port) -> {
            services.append("127.0.0.1:%d inet n - n - - smtpd%n".formatted(port));
            services.append("  -o smtpd_tls_chain_files=/etc/%1$s/server.key,/etc/%1$s/server.pem%n"
                    .formatted(served.folder()));
            served.onlyVersion()
                    .ifPresent(version -> services.append("  -o smtpd_tls_protocols=%s%n".formatted(version)));
            if (served == ServedTls.BY_NAME) {
                services.append("  -o tls_server_sni_maps=texthash:/etc/postfix/names%n".formatted());
            }
        });
        Files.writeString(etc().resolve("postfix/master.cf"), services, StandardOpenOption.APPEND);
        Files.writeString(
                etc().resolve("postfix/names"),
                ServedTls.ASKED_NAME + " /etc/certificates/asked/server.key, /etc/certificates/asked/server.pem\n");
    }

    private void writeExim(Map<ServedTls, Integer> ports) throws IOException {
        StringBuilder certificates = new StringBuilder();
        StringBuilder priorities = new StringBuilder();
        ports.forEach((served, port) -> {
            certificates.append("%d: %s%n".formatted(port, served.folder()));
            served.onlyVersion().ifPresent(version -> {
                // GnuTLS calls the first one TLS1.0, OpenSSL TLSv1.
                String number = version.equals("TLSv1") ? "1.0" : version.substring("TLSv".length());
                priorities.append("%d: NORMAL:-VERS-ALL:+VERS-TLS%s%n".formatted(port, number));
            });
        });
        certificates.append(
                "%d/%s: certificates/asked%n".formatted(ports.get(ServedTls.BY_NAME), ServedTls.ASKED_NAME));
        Files.writeString(etc().resolve("exim4/certificates"), certificates);
        Files.writeString(etc().resolve("exim4/priorities"), priorities);
    }

    private void writeDovecot(int port) throws IOException {
        List<ServedTls> served =
                SERVED.stream().filter(MailServer.DOVECOT::serves).toList();
        String addresses = served.stream().map(ServedTls::address).collect(Collectors.joining(", "));
        StringBuilder before24 = new StringBuilder();
        StringBuilder since24 = new StringBuilder();
        for (ServedTls one : served) {
            before24.append(dovecotBlock(one, "ssl_cert = <", "ssl_key = <"));
            since24.append(dovecotBlock(one, "ssl_server_cert_file = ", "ssl_server_key_file = "));
        }
        String listener = "service imap-login {%n  inet_listener certificates {%n    %s = %s%n    port = %d%n"
                + "    ssl = yes%n  }%n}%n";
        before24.append(listener.formatted("address", addresses, port));
        since24.append(listener.formatted("listen", addresses, port));
        Files.writeString(etc().resolve("dovecot/certificates-2.3.conf"), before24);
        Files.writeString(etc().resolve("dovecot/certificates-2.4.conf"), since24);
    }

    private static String dovecotBlock(ServedTls served, String chain, String key) {
        String identity = "%s/etc/%s/server.pem%n%s/etc/%s/server.key%n";
        StringBuilder block = new StringBuilder("local %s {%n".formatted(served.address()));
        block.append(identity.formatted(chain, served.folder(), key, served.folder()));
        if (served == ServedTls.WEAK_KEY || served == ServedTls.WEAK_SIGNATURE) {
            // OpenSSL would not load them.
            block.append("ssl_cipher_list = ALL:@SECLEVEL=0%n".formatted());
        }
        if (served == ServedTls.BY_NAME) {
            block.append("local_name %s {%n".formatted(ServedTls.ASKED_NAME));
            block.append(identity.formatted(chain, "certificates/asked", key, "certificates/asked"));
            block.append("}%n".formatted());
        }
        return block.append("}%n".formatted()).toString();
    }

    private String filled(String template) {
        String text = template;
        for (Map.Entry<String, String> gap : gaps.entrySet()) {
            text = text.replace("@" + gap.getKey() + "@", gap.getValue());
        }
        return text;
    }
}
