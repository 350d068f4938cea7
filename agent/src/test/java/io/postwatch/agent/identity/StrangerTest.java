package io.postwatch.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.identity.UntrustedControllerException.Finding;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a chain that doesn't lead to the platform's authority says of who showed it. */
class StrangerTest {

    private static final List<X509Certificate> NOBODY = List.of();

    @Test
    void anAuthorityThatNobodyKnowsInspects() {
        UntrustedControllerException found = Stranger.of(shown("Corporate CA", "www.example.org"), NOBODY);
        assertThat(found.finding()).isEqualTo(Finding.INSPECTED);
        assertThat(found).hasMessageContaining("\"CN=Corporate CA\" issued it");
    }

    @Test
    void anAuthorityThatJavaKnowsIsThatOfAnotherServer() {
        TestAuthority usual = new TestAuthority("Usual CA");
        UntrustedControllerException found = Stranger.of(
                shown(usual, "www.example.org"), List.of(new TestAuthority("Usual CA").root(), usual.root()));
        assertThat(found.finding()).isEqualTo(Finding.ANOTHER_SERVER);
        assertThat(found)
                .hasMessageContaining("\"CN=Usual CA\" issued it for \"CN=www.example.org\"")
                .hasMessageContaining("must pass TLS on unopened");
    }

    /** An administrator has made Java know it; but who else certifies that name made it up. */
    @Test
    void aNameMadeUpForTheConnectionInspectsWhoeverIssuedIt() {
        TestAuthority usual = new TestAuthority("Corporate CA");
        assertThat(Stranger.of(shown(usual, PlatformTrust.CONTROLLER_NAME), List.of(usual.root()))
                        .finding())
                .isEqualTo(Finding.INSPECTED);
    }

    @Test
    void anAuthorityOfTheSameNameWithAnotherKeyIsNotTheUsualOne() {
        TestAuthority usual = new TestAuthority("Usual CA");
        assertThat(Stranger.of(shown("Usual CA", "www.example.org"), List.of(usual.root()))
                        .finding())
                .isEqualTo(Finding.INSPECTED);
    }

    @Test
    void aPlatformsAuthorityIsKnownByItsName() {
        assertThat(Stranger.of(shown("Postwatch platform", PlatformTrust.CONTROLLER_NAME), NOBODY)
                        .finding())
                .isEqualTo(Finding.ANOTHER_PLATFORM);
    }

    @Test
    void aNameIsNotTakenAtAnyLength() {
        UntrustedControllerException found =
                Stranger.of(shown("x".repeat(60) + (",OU=" + "x".repeat(60)).repeat(50), "www.example.org"), NOBODY);
        assertThat(String.valueOf(found.getMessage())).hasSizeLessThan(600).contains("xxx…\" issued it");
    }

    private static List<X509Certificate> shown(String authority, String name) {
        return shown(new TestAuthority(authority), name);
    }

    private static List<X509Certificate> shown(TestAuthority authority, String name) {
        return List.of(authority.serverCertificate(TestAuthority.generateKeys().getPublic(), name));
    }
}
