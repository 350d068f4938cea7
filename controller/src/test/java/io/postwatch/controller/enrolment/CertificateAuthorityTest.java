package io.postwatch.controller.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import java.security.KeyFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import org.junit.jupiter.api.Test;

/** The platform's authority as it is stored. */
@DatabaseTest
class CertificateAuthorityTest {
    private final ScopedDatabase database;

    CertificateAuthorityTest(ScopedDatabase database) {
        this.database = database;
    }

    @Test
    void itsKeyIsStoredWrappedAlone() throws Exception {
        assertThat(new EnrolmentWorld(database).authority.roots()).isNotEmpty();

        byte[] stored = database.superuser()
                .sql("SELECT wrapped_key FROM certificate_authority WHERE slot = 'current'")
                .query((row, number) -> row.getBytes(1))
                .single();

        KeyFactory keys = KeyFactory.getInstance("EC");
        assertThat(stored).isNotEmpty();
        assertThatThrownBy(() -> keys.generatePrivate(new PKCS8EncodedKeySpec(stored)))
                .isInstanceOf(InvalidKeySpecException.class);
    }
}
