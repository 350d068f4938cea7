package io.postwatch.agent.boringssl;

import static org.assertj.core.api.Assertions.assertThat;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class BoringSslTest {

    @Test
    void readsAlertsOutOfErrorCodesAndNothingElse() throws SSLException {
        BoringSsl library = new BoringSsl();
        assertThat(library.alertOf(
                        new SSLException("error:1000045c:SSL routines:OPENSSL_internal:TLSV1_CERTIFICATE_REQUIRED")))
                .hasValue(116);
        assertThat(library.alertOf(
                        new SSLException("error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER")))
                .isEmpty();
        assertThat(library.alertOf(new SSLException("closed"))).isEmpty();
    }

    @Test
    void offersOnlySafeVersionsAndNoPeerToResumeWith() throws SSLException {
        BoringSsl library = new BoringSsl();
        SSLEngine engine = library.open();
        try {
            assertThat(engine.getUseClientMode()).isTrue();
            assertThat(engine.getEnabledProtocols())
                    .contains("TLSv1.2", "TLSv1.3")
                    .doesNotContain("TLSv1", "TLSv1.1");
            assertThat(engine.getPeerHost()).isNull();
        } finally {
            library.release(engine);
        }
    }
}
