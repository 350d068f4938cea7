package io.postwatch.controller.gateway;

import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.id.ControllerId;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

/** The same, where a pool before the database knows no LISTEN. */
@TestPropertySource(properties = "postwatch.peers.hints=false")
class SeveralControllersWithoutHintsTest extends SeveralControllersTest {
    SeveralControllersWithoutHintsTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired Environment environment,
            @Autowired ControllerId first) {
        super(people, server, authority, system, jdbc, environment, first);
    }
}
