package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.postwatch.agent.link.AgentProofs;
import io.postwatch.agent.link.Conversation;
import io.postwatch.agent.link.ScriptedController;
import io.postwatch.agent.login.LoginResults;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.LeaseGranted;
import io.postwatch.proto.agent.v1.Login;
import io.postwatch.proto.agent.v1.LoginLease;
import io.postwatch.proto.agent.v1.LoginLeaseWanted;
import io.postwatch.proto.agent.v1.RunResult;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Runs that ask before they log in, and what an agent remembers of a refusal. */
class AgentLoginsTest extends AgentTestCase {

    private static final ByteString CREDENTIAL = ByteString.copyFromUtf8("one credential");

    private Conversation connectedWithALogin(int session) throws Exception {
        Conversation talk = controller.session(session);
        Assignment leased = anAssignment(1, 10)
                .setCheck(aCheck().setLogin(Login.newBuilder().setLease(true)))
                .setSecret(AgentProofs.seal(
                        talk.hello().getSealingKey(),
                        talk.hello().getAgentId().toByteArray(),
                        purpose(1),
                        "user",
                        PASSWORD))
                .build();
        talk.say(ScriptedController.snapshot(session, List.of(leased)));
        talk.await(AgentMessage::hasApplied);
        return talk;
    }

    /** Grants the lease that the n-th run asks for, from 0. */
    private static void grant(Conversation talk, int n, ByteString credential) {
        Predicate<AgentMessage> wanted = AgentMessage::hasLoginLeaseWanted;
        talk.await(message ->
                wanted.test(message) && talk.heard().stream().filter(wanted).count() > n);
        LoginLeaseWanted asked = talk.heard().stream()
                .filter(wanted)
                .skip(n)
                .findFirst()
                .orElseThrow()
                .getLoginLeaseWanted();
        assertThat(asked.getSeries()).isEqualTo(1);
        talk.say(ControllerMessage.newBuilder()
                .setLoginLease(LoginLease.newBuilder()
                        .setLeaseId(asked.getLeaseId())
                        .setGranted(LeaseGranted.newBuilder()
                                .setLasts(asked.getLasting())
                                .setCredential(credential)))
                .build());
    }

    private RunResult result(int number) {
        return awaitRows(number).getLast().record().getResult();
    }

    @Test
    void aRunLogsInWithItsLeaseAndGivesItBack() throws Exception {
        start();
        Conversation talk = connectedWithALogin(1);
        trigger(talk, 1, 10, 1_700_000_000L);
        grant(talk, 0, CREDENTIAL);

        awaitRows(1);
        assertThat(probed.element().login()).isNotNull();
        AgentMessage returned = talk.await(AgentMessage::hasLoginLeaseReturned);
        assertThat(returned.getLoginLeaseReturned().getRefused()).isFalse();
    }

    @Test
    void aRefusalIsRememberedAcrossARestartButNotOfAnEditedCredential() throws Exception {
        probe.set((request, deadline) -> {
            probed.add(request);
            return request.login() == null
                    ? LoginResults.run(null, Phase.GREETING)
                    : LoginResults.run(FailureCode.LOGIN_REFUSED, Phase.GREETING, Phase.AUTH);
        });
        Agent agent = start();
        Conversation talk = connectedWithALogin(1);
        trigger(talk, 1, 10, 1_700_000_000L);
        grant(talk, 0, CREDENTIAL);
        assertThat(result(1).getFailure().getCode())
                .isEqualTo(io.postwatch.proto.agent.v1.FailureCode.FAILURE_CODE_LOGIN_REFUSED);
        assertThat(talk.await(AgentMessage::hasLoginLeaseReturned)
                        .getLoginLeaseReturned()
                        .getRefused())
                .isTrue();

        close(agent);
        startOn(home.resolve("state"), enrolledCredentials(home.resolve("state")));
        Conversation again = connectedWithALogin(2);
        trigger(again, 1, 10, 1_700_000_060L);
        grant(again, 0, CREDENTIAL);
        assertThat(result(2).getFailure().getCode())
                .isEqualTo(io.postwatch.proto.agent.v1.FailureCode.FAILURE_CODE_LOGIN_WITHHELD);
        assertThat(probed).hasSize(2);

        trigger(again, 1, 10, 1_700_000_120L);
        grant(again, 1, ByteString.copyFromUtf8("the same, edited"));
        assertThat(result(3).getFailure().getCode())
                .isEqualTo(io.postwatch.proto.agent.v1.FailureCode.FAILURE_CODE_LOGIN_REFUSED);
    }
}
