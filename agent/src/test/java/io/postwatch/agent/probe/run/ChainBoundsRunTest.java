package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.AUTHORITY;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.certificate.CertificateVerdict;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a chain may cost, and what keys in it are worth: the same by either library. */
@Timeout(60)
@ParameterizedClass
@EnumSource(ARun.Library.class)
class ChainBoundsRunTest {

    /** With the rest of a certificate a little below 16 KiB. */
    private static final int ALMOST_ALL = 15_600;

    private final ARun.Library library;

    ChainBoundsRunTest(ARun.Library library) {
        this.library = library;
    }

    @Test
    void tenCertificatesOfAlmostSixteenKibibytesAreTaken() throws IOException {
        try (TestServer server = showing(fillers(8))) {
            ProbeResult result = run(server);
            assertThat(result).isOk();
            Assertions.assertThat(Objects.requireNonNull(result.certificate()).chain())
                    .hasSize(10)
                    .filteredOn(certificate -> certificate.der().length > 15 * 1024)
                    .hasSize(9);
            Assertions.assertThat(server.connections()).isEqualTo(1);
        }
    }

    /** Netty shows the first ten of BoringSSL's only, the JDK counts by itself. */
    @Test
    void elevenAreNotByWhateverLibrary() throws IOException {
        X509Certificate small = AUTHORITY.leaf("small.example").issue().leaf();
        try (TestServer server = showing(Collections.nCopies(9, small))) {
            ProbeResult result = run(server);
            assertThat(result)
                    .failsWith(FailureCode.HANDSHAKE_FAILED, Phase.TLS)
                    .says("The server sent more than 10 certificates, more than this agent looks at.");
            Assertions.assertThat(result.certificate()).isNull();
            Assertions.assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void oneOfMoreThanSixteenIsNot() throws IOException {
        try (TestServer server =
                showing(List.of(AUTHORITY.leaf("x").padded(17_000).issue().leaf()))) {
            assertThat(run(server))
                    .failsWith(FailureCode.HANDSHAKE_FAILED, Phase.TLS)
                    .says("The server sent a certificate of more than 16384 bytes, more than this agent looks at.");
            Assertions.assertThat(server.connections()).isEqualTo(1);
        }
    }

    /** Its signatures are what would cost: nobody has to know the private key to send it. */
    @Test
    void anRsaKeyOfMoreThanEightThousandBitsIsNot() throws IOException, GeneralSecurityException {
        BigInteger modulus = BigInteger.ONE.shiftLeft(8192).add(BigInteger.ONE);
        PublicKey huge =
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(65_537)));
        try (TestServer server = showing(List.of(AUTHORITY.intermediateOf(huge)))) {
            assertThat(run(server))
                    .failsWith(FailureCode.HANDSHAKE_FAILED, Phase.TLS)
                    .says("The server sent an RSA key of more than 8192 bits, more than this agent looks at.");
            Assertions.assertThat(server.connections()).isEqualTo(1);
        }
    }

    /** Where no path is trusted, all that was sent is judged. */
    @Test
    void aCurveOfLessThan224BitsIsWeak() throws IOException, GeneralSecurityException {
        // The base point of secp192r1 (SEC 2, section 2.2.2) as a key.
        PublicKey small = KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(HexFormat.of()
                        .parseHex("3049301306072a8648ce3d020106082a8648ce3d030101033200"
                                + "04188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012"
                                + "07192b95ffc8da78631011ed6b24cdd573f977a11e794811")));
        ServerIdentity selfSigned = AUTHORITY.leaf("127.0.0.1").selfSigned().issue();
        ServerIdentity sent =
                new ServerIdentity(selfSigned.key(), List.of(selfSigned.leaf(), AUTHORITY.intermediateOf(small)));
        try (TestServer server = TestServer.smtp().tls(sent).start()) {
            ProbeResult result = run(server);
            assertThat(result)
                    .failsWith(FailureCode.SELF_SIGNED, Phase.TLS)
                    .hasCertificateVerdicts(FailureCode.SELF_SIGNED, FailureCode.WEAK);
            Assertions.assertThat(Objects.requireNonNull(result.certificate()).verdicts())
                    .last()
                    .extracting(CertificateVerdict::message)
                    .isEqualTo("The certificate of 'Intermediate' has a key on a curve of 192 bits, which is no"
                            + " longer safe.");
        }
    }

    /** A good leaf and its intermediate, and behind them what leads nowhere. */
    private static TestServer showing(List<X509Certificate> more) throws IOException {
        ServerIdentity good = AUTHORITY.leaf("127.0.0.1").padded(ALMOST_ALL).issue();
        List<X509Certificate> chain = new ArrayList<>(good.chain());
        chain.addAll(more);
        return TestServer.smtp().tls(new ServerIdentity(good.key(), chain)).start();
    }

    private static List<X509Certificate> fillers(int count) {
        List<X509Certificate> fillers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            fillers.add(AUTHORITY
                    .leaf("filler-" + i + ".example")
                    .padded(ALMOST_ALL)
                    .issue()
                    .leaf());
        }
        return fillers;
    }

    private ProbeResult run(TestServer server) {
        return ARun.aRun().by(library).smtp(server).tls().run();
    }
}
