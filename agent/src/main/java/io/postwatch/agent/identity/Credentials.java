package io.postwatch.agent.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What an enrolled agent connects with: its id, its client certificate and key, and the roots it trusts.
 *
 * @param chain client certificate, leaf first, without the root
 * @param roots the only authorities that the controller's certificate may come from
 * @param generation counts this agent's certificates; 0: from a controller that doesn't count them
 */
public record Credentials(
        AgentId agent,
        String agentName,
        String locationName,
        ControllerAddress controller,
        PrivateKey key,
        List<X509Certificate> chain,
        List<X509Certificate> roots,
        long generation) {

    private static final String AGENT = "POSTWATCH AGENT ID";
    private static final String AGENT_NAME = "POSTWATCH AGENT NAME";
    private static final String LOCATION_NAME = "POSTWATCH LOCATION NAME";
    private static final String CONTROLLER = "POSTWATCH CONTROLLER";
    private static final String GENERATION = "POSTWATCH CERTIFICATE GENERATION";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String ROOT = "POSTWATCH ROOT";

    public Credentials {
        chain = List.copyOf(chain);
        roots = List.copyOf(roots);
        if (chain.isEmpty() || roots.isEmpty()) {
            throw new IllegalArgumentException("credentials need a client certificate and at least one root");
        }
        if (generation < 0) {
            throw new IllegalArgumentException("generations of certificates are counted from 1");
        }
    }

    public Instant notBefore() {
        return chain.getFirst().getNotBefore().toInstant();
    }

    public Instant notAfter() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    public Credentials withRoots(List<X509Certificate> newRoots) {
        return new Credentials(agent, agentName, locationName, controller, key, chain, newRoots, generation);
    }

    public Credentials withController(ControllerAddress newController) {
        return new Credentials(agent, agentName, locationName, newController, key, chain, roots, generation);
    }

    /** Reads X.509 certificates in DER. */
    public static List<X509Certificate> certificates(List<byte[]> der) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] one : der) {
            certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(one)));
        }
        return certificates;
    }

    static Credentials decode(byte[] file) throws IOException {
        Pem pem = Pem.decode(file);
        try {
            return new Credentials(
                    AgentId.of(pem.only(AGENT)),
                    text(pem, AGENT_NAME),
                    text(pem, LOCATION_NAME),
                    ControllerAddress.parse(text(pem, CONTROLLER)),
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pem.only(PRIVATE))),
                    certificates(pem.all(CERTIFICATE)),
                    certificates(pem.all(ROOT)),
                    pem.all(GENERATION).isEmpty() ? 0 : Long.parseLong(text(pem, GENERATION)));
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            throw new IOException("the file with the agent's credentials can't be read", unreadable);
        }
    }

    private static String text(Pem pem, String type) throws IOException {
        return new String(pem.only(type), StandardCharsets.UTF_8);
    }

    byte[] encode() throws IOException {
        List<Pem.Block> blocks = new ArrayList<>();
        blocks.add(new Pem.Block(AGENT, agent.bytes()));
        blocks.add(new Pem.Block(AGENT_NAME, agentName.getBytes(StandardCharsets.UTF_8)));
        blocks.add(new Pem.Block(LOCATION_NAME, locationName.getBytes(StandardCharsets.UTF_8)));
        blocks.add(new Pem.Block(CONTROLLER, controller.toString().getBytes(StandardCharsets.UTF_8)));
        blocks.add(new Pem.Block(GENERATION, Long.toString(generation).getBytes(StandardCharsets.US_ASCII)));
        blocks.add(new Pem.Block(PRIVATE, key.getEncoded()));
        try {
            for (X509Certificate certificate : chain) {
                blocks.add(new Pem.Block(CERTIFICATE, certificate.getEncoded()));
            }
            for (X509Certificate root : roots) {
                blocks.add(new Pem.Block(ROOT, root.getEncoded()));
            }
        } catch (CertificateException impossible) {
            throw new IOException("a certificate can't be written", impossible);
        }
        return new Pem(blocks).encode();
    }

    @Override
    public String toString() {
        return "Credentials[agent=" + agent + ", controller=" + controller + ", notAfter=" + notAfter() + "]";
    }
}
