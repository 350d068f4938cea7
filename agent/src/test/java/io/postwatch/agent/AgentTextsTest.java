package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.postwatch.agent.link.Conversation;
import io.postwatch.agent.probe.dns.DnsClient;
import io.postwatch.agent.probe.dns.DnsMessage;
import io.postwatch.agent.probe.dns.ScriptedDns;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.LookUpTexts;
import io.postwatch.proto.agent.v1.TextsFound;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Texts that a controller asks for, from the session over a real resolver to the answer. */
@Timeout(60)
class AgentTextsTest extends AgentTestCase {

    private static final String NAME = "_postwatch-challenge.example.org";
    private static final ByteString ID = ByteString.copyFromUtf8("0123456789abcdef");

    @Test
    void theTextsOfAChallengeComeBack() throws Exception {
        try (ScriptedDns server = ScriptedDns.start(query -> List.of(DnsMessage.to(query)
                .text(NAME, "v=spf1 -all")
                .text(NAME, "postwatch-domain-verification=abc")
                .bytes()))) {
            texts.set(client(server));
            start();

            TextsFound found = lookUp(controller.session(1), NAME);

            assertThat(found.getTexts().getTextsList())
                    .containsExactly("postwatch-domain-verification=abc", "v=spf1 -all");
            assertThat(found.getTexts().getMore()).isFalse();
            assertThat(server.asked()).containsOnly(NAME);
        }
    }

    @Test
    void serversThatFailTellNothing() throws Exception {
        try (ScriptedDns failing =
                ScriptedDns.start(query -> List.of(DnsMessage.to(query).code(2).bytes()))) {
            texts.set(client(failing));
            start();

            TextsFound found = lookUp(controller.session(1), NAME);

            assertThat(found.getOutcomeCase()).isEqualTo(TextsFound.OutcomeCase.UNKNOWN);
            assertThat(found.getUnknown().getReason()).contains("SERVFAIL");
        }
    }

    /** An agent is no resolver for others. */
    @Test
    void otherNamesAreNotLookedUpWhoeverAsks() throws Exception {
        try (ScriptedDns server = ScriptedDns.of("192.0.2.1")) {
            texts.set(client(server));
            start();

            TextsFound found = lookUp(controller.session(1), "intranet.example.org");

            assertThat(found.getUnknown().getReason()).contains("does not look up this name");
            assertThat(server.asked()).isEmpty();
        }
    }

    private static TextsFound lookUp(Conversation session, String name) throws Exception {
        session.say(ControllerMessage.newBuilder()
                .setLookUpTexts(LookUpTexts.newBuilder().setLookupId(ID).setName(name))
                .build());
        AgentMessage answer = session.await(AgentMessage::hasTextsFound);
        assertThat(answer.getTextsFound().getLookupId()).isEqualTo(ID);
        return answer.getTextsFound();
    }

    private static DnsClient client(ScriptedDns server) {
        return new DnsClient(
                () -> List.of(server.address()), new SecureRandom(), System::nanoTime, Duration.ofSeconds(20));
    }
}
