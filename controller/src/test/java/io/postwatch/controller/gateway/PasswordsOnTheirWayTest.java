package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.RunTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What of a stored password leaves the controller, and where to. */
class PasswordsOnTheirWayTest extends GatewayTest {
    /** Of {@link #CANARY}, whose other characters Protobuf's text has in other forms. */
    private static final String PRINTED = "ssword-7f3a";

    private static final Map<String, Object> LOGIN = Map.of("username", "alice", "password", CANARY);

    private final TenantTransactions transactions;

    PasswordsOnTheirWayTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired TenantTransactions transactions) {
        super(people, server, authority, system, jdbc);
        this.transactions = transactions;
    }

    @Test
    void noMessageShowsOneWhenItIsPrintedAsAWhole() throws Exception {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        createMonitor(LOGIN);
        stream.hear(MessageCase.DELTA);
        owner.post("/api/v1/monitor-tests", Map.of("monitor", monitor(LOGIN), "locationIds", List.of(location)));
        RunTest test = stream.hear(MessageCase.RUN_TEST).getRunTest();
        ScriptedAgent.Stream anew = agent.connect().greet();
        anew.hear(MessageCase.SNAPSHOT);

        assertThat(Stream.concat(stream.heard().stream(), anew.heard().stream()))
                .extracting(ControllerMessage::toString)
                .noneMatch(text -> text.contains(PRINTED));
        assertThat(open(agent, test.getSecret(), test.getTestId()).toString())
                .as("that such a text would be found")
                .contains(PRINTED);
    }

    /** The host stands beside the password and is not bound to it: no key keeps this from whoever may write. */
    @Test
    void whoWritesIntoTheDatabaseHasOneSentToAServerOfHisOwn() throws Exception {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        String monitor = createMonitor(LOGIN);
        stream.hear(MessageCase.DELTA);

        transactions.run(
                owner.tenant(),
                () -> assertThat(jdbc.sql("UPDATE monitor SET host = ? WHERE monitor_id = ?")
                                .params("thief.example.org", UUID.fromString(monitor))
                                .update())
                        .isOne());

        Assignment told =
                agent.connect().greet().hear(MessageCase.SNAPSHOT).getSnapshot().getAssignments(0);
        assertThat(told.getCheck().getHost()).isEqualTo("thief.example.org");
        assertThat(open(agent, told.getSecret(), told.getSecret().getPurpose()).getPassword())
                .isEqualTo(CANARY);
    }
}
