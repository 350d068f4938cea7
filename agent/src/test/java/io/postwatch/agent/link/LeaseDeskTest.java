package io.postwatch.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.agent.login.CredentialId;
import io.postwatch.agent.login.LoginTurn;
import io.postwatch.agent.login.LoginVerdict;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.LeaseBusy;
import io.postwatch.proto.agent.v1.LeaseGranted;
import io.postwatch.proto.agent.v1.LoginLease;
import io.postwatch.proto.agent.v1.LoginLeaseWanted;
import io.postwatch.proto.agent.v1.LoginSuspended;
import io.postwatch.proto.agent.v1.LoginWithheld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LeaseDeskTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final UUID LEASE = new UUID(1, 2);
    private static final LoginLease.Builder GRANTED = LoginLease.newBuilder()
            .setGranted(LeaseGranted.newBuilder()
                    .setLasts(WireValues.duration(Duration.ofSeconds(9)))
                    .setCredential(ByteString.copyFrom(new byte[] {0x0a})));
    private static final LoginLease.Builder BUSY = LoginLease.newBuilder()
            .setBusy(LeaseBusy.newBuilder().setRetryAfter(WireValues.duration(Duration.ofMillis(1))));

    private LeaseDesk desk = new LeaseDesk(() -> 100, () -> LEASE, 1);
    private final List<AgentMessage> said = new ArrayList<>();
    private final Deque<LoginLease.Builder> answers = new ArrayDeque<>();

    /** A controller that answers on the spot what was put ready, and hangs up where nothing was. */
    private void hear(AgentMessage message) {
        said.add(message);
        if (message.hasLoginLeaseWanted()) {
            LoginLease.Builder answer = answers.poll();
            if (answer == null) {
                desk.close();
            } else {
                desk.answered(answer.setLeaseId(message.getLoginLeaseWanted().getLeaseId())
                        .build());
            }
        }
    }

    private LoginTurn ask(LoginLease.Builder... ready) {
        answers.addAll(List.of(ready));
        desk.open(this::hear);
        return desk.ask(new SeriesId(7), Duration.ofSeconds(5), Duration.ofSeconds(20));
    }

    @Test
    void theLeaseIsCountedFromWhenItWasAskedFor() {
        assertThat(ask(GRANTED)).isEqualTo(new LoginTurn.Granted(LEASE, new CredentialId("0a"), 100 + 9_000_000_000L));
        LoginLeaseWanted wanted = said.getFirst().getLoginLeaseWanted();
        assertThat(wanted.getSeries()).isEqualTo(7);
        assertThat(WireValues.duration(wanted.getLasting())).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void whoIsToComeAgainComesAgainWithTheSameId() {
        assertThat(ask(BUSY, BUSY, GRANTED)).isInstanceOf(LoginTurn.Granted.class);
        assertThat(said)
                .hasSize(3)
                .allMatch(message -> message.getLoginLeaseWanted().getLeaseId().equals(WireValues.bytes(LEASE)));
    }

    @Test
    void aRunWithoutPatienceMissesItsTurn() {
        answers.add(BUSY);
        desk.open(this::hear);

        assertThat(desk.ask(new SeriesId(7), Duration.ofSeconds(5), Duration.ofMillis(20)))
                .isEqualTo(new LoginTurn.Missed());
    }

    @Test
    void whoFindsNoPlaceToWaitInAsksOnce() {
        desk = new LeaseDesk(() -> 100, () -> LEASE, 0);

        assertThat(ask(BUSY, GRANTED)).isEqualTo(new LoginTurn.Missed());
        answers.clear();
        assertThat(ask(GRANTED)).isInstanceOf(LoginTurn.Granted.class);
    }

    @Test
    void aPlaceToWaitInIsFreeAgainAfterwards() {
        assertThat(ask(BUSY, GRANTED)).isInstanceOf(LoginTurn.Granted.class);
        assertThat(ask(BUSY, GRANTED)).isInstanceOf(LoginTurn.Granted.class);
    }

    @Test
    void whatWasRefusedIsTold() {
        LoginLease.Builder withheld = LoginLease.newBuilder()
                .setWithheld(LoginWithheld.newBuilder()
                        .setRefusedAt(WireValues.timestamp(NOON))
                        .setUntil(WireValues.timestamp(NOON.plusSeconds(60))));
        LoginLease.Builder suspended =
                LoginLease.newBuilder().setSuspended(LoginSuspended.newBuilder().setSince(WireValues.timestamp(NOON)));

        assertThat(ask(withheld)).isEqualTo(new LoginTurn.Withheld(NOON, NOON.plusSeconds(60)));
        assertThat(ask(suspended)).isEqualTo(new LoginTurn.Suspended(NOON));
    }

    @Test
    void withoutASessionNobodyWaits() {
        assertThat(desk.ask(new SeriesId(7), Duration.ofSeconds(5), Duration.ofSeconds(20)))
                .isEqualTo(new LoginTurn.Missed());
    }

    @Test
    void aSessionThatEndsLeavesNobodyWaiting() {
        assertThat(ask()).isEqualTo(new LoginTurn.Missed());
    }

    @Test
    void aGrantThatMakesNoSenseIsGivenBack() {
        LoginLease.Builder nameless = LoginLease.newBuilder()
                .setGranted(LeaseGranted.newBuilder().setLasts(WireValues.duration(Duration.ofSeconds(9))));

        assertThat(ask(nameless)).isEqualTo(new LoginTurn.Missed());
        assertThat(said.getLast().hasLoginLeaseReturned()).isTrue();
    }

    @Test
    void aLeaseIsGivenBackWithWhatBecameOfIt() {
        LoginTurn turn = ask(GRANTED);
        if (turn instanceof LoginTurn.Granted granted) {
            desk.giveBack(granted, LoginVerdict.REFUSED);
        }

        assertThat(said.getLast().getLoginLeaseReturned().getRefused()).isTrue();
        assertThat(said.getLast().getLoginLeaseReturned().getLeaseId()).isEqualTo(WireValues.bytes(LEASE));
    }

    @Test
    void anAnswerThatNobodyWaitsForIsIgnored() {
        desk.open(this::hear);
        desk.answered(GRANTED.setLeaseId(WireValues.bytes(LEASE)).build());
        desk.answered(GRANTED.setLeaseId(ByteString.copyFromUtf8("short")).build());

        assertThat(said).isEmpty();
    }
}
