package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a controller had marked for placement, nobody else knows of when it ends. */
@Timeout(90)
class EndedControllerTest extends GatewayTest {
    EndedControllerTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    /** More often than by chance: once a minute all locations are looked at anyway. */
    @Test
    void theOthersPlaceWhatItHasNotPlaced() {
        connected();
        UUID monitor = UUID.fromString(createMonitor(null));
        await().atMost(10, TimeUnit.SECONDS).until(() -> isPlaced(monitor));
        for (int time = 0; time < 3; time++) {
            assertThat(system.call(() -> jdbc.sql("DELETE FROM assignment WHERE monitor_id = ?")
                            .param(monitor)
                            .update()))
                    .isOne();
            endAController();

            await().atMost(15, TimeUnit.SECONDS).until(() -> isPlaced(monitor));
        }
    }

    private boolean isPlaced(UUID monitor) {
        return system.call(() -> jdbc.sql("SELECT count(*) FROM assignment WHERE monitor_id = ?")
                        .param(monitor)
                        .query(Integer.class)
                        .single())
                == 1;
    }

    private void endAController() {
        system.run(() -> jdbc.sql("INSERT INTO controller_lease (controller_id, started_at, lease_until)"
                        + " VALUES (?, transaction_timestamp(), transaction_timestamp())")
                .param(UUID.randomUUID())
                .update());
    }
}
