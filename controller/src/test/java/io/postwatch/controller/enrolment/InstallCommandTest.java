package io.postwatch.controller.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.id.TenantId;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What it does on a host is for the test of the whole system, which runs it. */
final class InstallCommandTest {
    private static final TenantId CUSTOMER = new TenantId(new UUID(1, 1));

    private final TokenText token = TokenText.make(new SecureRandom(), new byte[32]);

    @Test
    void itIsOneLineWithTheTokenWhereOtherUsersCannotReadIt() {
        assertThat(InstallCommand.text(endpoint("watch.example.org:9443"), token, CUSTOMER))
                .isEqualTo("POSTWATCH_ENROL_TOKEN=" + token.text()
                        + " java @postwatch-agent.options -jar postwatch-agent.jar run --state ~/.postwatch-agent/"
                        + token.prefix()
                        + " --controller watch.example.org:9443");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            [2001:db8::1]:9443, '[2001:db8::1]:9443'
            192.0.2.7:443,      192.0.2.7:443
            """)
    void aShellTakesTheAddressAsItIs(String address, String written) {
        assertThat(InstallCommand.text(endpoint(address), token, CUSTOMER)).endsWith(" --controller " + written);
    }

    @Test
    void anAgentOfAPublicLocationIsStartedAsOneWhoseTargetsAnybodyChooses() {
        AgentEndpoint endpoint = endpoint("watch.example.org:9443");
        assertThat(InstallCommand.text(endpoint, token, TenantId.PLATFORM))
                .isEqualTo(InstallCommand.text(endpoint, token, CUSTOMER) + " --addresses-policy public");
    }

    private static AgentEndpoint endpoint(String address) {
        return new AgentEndpoint(9443, address, List.of());
    }
}
