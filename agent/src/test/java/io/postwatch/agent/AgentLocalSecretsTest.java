package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.link.AgentProofs;
import io.postwatch.agent.link.Conversation;
import io.postwatch.agent.link.ScriptedController;
import io.postwatch.agent.localsecret.LocalSecret;
import io.postwatch.agent.localsecret.LocalSecretName;
import io.postwatch.agent.localsecret.LocalSecrets;
import io.postwatch.agent.localsecret.SecretSource;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Applied;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.AuthMechanism;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Failure;
import io.postwatch.proto.agent.v1.FailureCategory;
import io.postwatch.proto.agent.v1.FailureCode;
import io.postwatch.proto.agent.v1.RejectedAssignment;
import io.postwatch.proto.agent.v1.RejectionReason;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.Secret;
import io.postwatch.proto.agent.v1.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logins with secrets that only the agent's host knows. */
class AgentLocalSecretsTest extends AgentTestCase {

    private static final String CANARY = "canary-only-here-4b7d";

    private final Map<String, LocalSecret> listed = new HashMap<>();

    @BeforeEach
    void writeTheSecret() throws IOException {
        write(CANARY);
    }

    @Test
    void theControllerHearsTheNamesAlone() throws Exception {
        list("imap-alice", alice());
        list("other", new SecretSource.Variable("OTHER"));
        start();

        assertThat(controller.session(1).hello().getCapabilities().getLocalSecretsList())
                .containsExactly("imap-alice", "other");
        assertThat(controller.session(1).hello().toString()).doesNotContain(home.toString(), "OTHER");
    }

    @Test
    void theSecretReachesTheProbeAndNothingElse() throws Exception {
        list("imap-alice", alice());
        start();
        Conversation session = controller.session(1);
        Applied applied = assign(session, local(session, 1, named("imap-alice", false)));
        assertThat(applied.getRejectedList()).isEmpty();

        trigger(session, 1, 10, 1_700_000_000L);
        awaitRows(1);

        assertThat(probed.element().login()).isEqualTo(new Login("alice", CANARY, null, false));
        try (Stream<Path> files = Files.list(home.resolve("state"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(CANARY);
            }
        }
    }

    @Test
    void itIsReadForEachRunAndMayBeAnAccessToken() throws Exception {
        list("imap-alice", alice());
        start();
        Conversation session = controller.session(1);
        assign(session, local(session, 1, named("imap-alice", true)));

        trigger(session, 1, 10, 1_700_000_000L);
        awaitRows(1);
        write("another-token");
        trigger(session, 1, 10, 1_700_000_001L);
        awaitRows(2);

        assertThat(probed)
                .extracting(request -> request.login())
                .containsExactly(
                        new Login("alice", new Login.AccessToken(CANARY), null, false),
                        new Login("alice", new Login.AccessToken("another-token"), null, false));
    }

    @Test
    void whatTheHostDoesNotListIsRejectedAndLookedUpNowhere() throws Exception {
        list("imap-alice", new LocalSecret(alice(), Set.of(new MailHost("imap.example.org"))));
        start();
        Conversation session = controller.session(1);

        Applied applied = assign(
                session,
                local(session, 1, named("imap-bob", false)),
                local(session, 2, named("imap-alice", false)),
                local(session, 3, named("../../alice", false)),
                local(session, 4, named("PATH", false)),
                local(session, 5, named("imap-alice", false).setPassword("too")),
                local(session, 6, Secret.newBuilder().setUsername("alice")));

        assertThat(applied.getRejectedList())
                .extracting(RejectedAssignment::getSeries)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(applied.getRejectedList())
                .extracting(RejectedAssignment::getReason)
                .containsExactly(
                        RejectionReason.REJECTION_REASON_LOCAL_SECRET_NOT_ALLOWED,
                        RejectionReason.REJECTION_REASON_LOCAL_SECRET_NOT_ALLOWED,
                        RejectionReason.REJECTION_REASON_SECRET_UNREADABLE,
                        RejectionReason.REJECTION_REASON_SECRET_UNREADABLE,
                        RejectionReason.REJECTION_REASON_SECRET_UNREADABLE,
                        RejectionReason.REJECTION_REASON_SECRET_UNREADABLE);
        assertThat(applied.getRejected(0).getMessage())
                .isEqualTo("The agent's own configuration lists no secret \"imap-bob\".");
        assertThat(applied.getRejected(1).getMessage())
                .isEqualTo("The agent's own configuration doesn't let the secret \"imap-alice\" be used for"
                        + " mail.example.org.");
        assertThat(applied.toString()).doesNotContain(CANARY, home.toString());
    }

    @Test
    void aSecretThatIsGoneFailsTheRunUntilItIsBack() throws Exception {
        list("imap-alice", alice());
        start();
        Conversation session = controller.session(1);
        assign(session, local(session, 1, named("imap-alice", false)));
        Files.delete(secretFile());

        trigger(session, 1, 10, 1_700_000_000L);
        RunResult failed = awaitRows(1).getFirst().record().getResult();
        write(CANARY);
        trigger(session, 1, 10, 1_700_000_001L);
        RunResult well = awaitRows(2).getLast().record().getResult();

        assertThat(failed.getStatus()).isEqualTo(Status.STATUS_NO_DATA);
        assertThat(failed.getFailure())
                .isEqualTo(Failure.newBuilder()
                        .setCategory(FailureCategory.FAILURE_CATEGORY_AGENT)
                        .setCode(FailureCode.FAILURE_CODE_LOCAL_SECRET_UNAVAILABLE)
                        .setMessage("The file of the secret \"imap-alice\" is not there.")
                        .build());
        assertThat(well.getStatus()).isEqualTo(Status.STATUS_OK);
        assertThat(probed).hasSize(1);
    }

    @Test
    void whatMakesNoLoginFailsTheRunWithoutBeingRepeated() throws Exception {
        list("imap-alice", alice());
        start();
        Conversation session = controller.session(1);
        assign(session, local(session, 1, named("imap-alice", true)));
        write(CANARY + " with blanks");

        trigger(session, 1, 10, 1_700_000_000L);

        Failure failure = awaitRows(1).getFirst().record().getResult().getFailure();
        assertThat(failure.getCode()).isEqualTo(FailureCode.FAILURE_CODE_LOCAL_SECRET_UNAVAILABLE);
        assertThat(failure.getMessage()).contains("imap-alice", "access token").doesNotContain(CANARY);
    }

    @Test
    void aTestOfWhatIsNotListedSaysSo() throws Exception {
        start();
        Conversation session = controller.session(1);
        byte[] id = new byte[16];
        id[15] = 7;
        session.say(ControllerMessage.newBuilder()
                .setRunTest(RunTest.newBuilder()
                        .setTestId(ByteString.copyFrom(id))
                        .setCheck(aCheck().setLogin(io.postwatch.proto.agent.v1.Login.getDefaultInstance()))
                        .setSecret(AgentProofs.seal(
                                session.hello().getSealingKey(),
                                session.hello().getAgentId().toByteArray(),
                                id,
                                named("imap-alice", false).build())))
                .build());

        Failure failure = session.await(AgentMessage::hasTestOutcome)
                .getTestOutcome()
                .getResult()
                .getFailure();
        assertThat(failure.getCode()).isEqualTo(FailureCode.FAILURE_CODE_LOCAL_SECRET_UNAVAILABLE);
        assertThat(failure.getMessage()).contains("lists no secret \"imap-alice\"");
    }

    @Test
    void anAgentThatStartsWithAnotherListIsToldAnewWhatItRuns() throws Exception {
        Credentials credentials = enrol();
        list("imap-alice", alice());
        Agent before = startOn(home.resolve("state"), credentials);
        Conversation first = controller.session(1);
        Assignment assignment = local(first, 1, named("imap-alice", false));
        assign(first, assignment);
        close(before);

        Agent same = startOn(home.resolve("state"), credentials);
        assertThat(controller.session(2).hello().getAppliedHash())
                .as("the same list")
                .isEqualTo(ScriptedController.hash(List.of(assignment)));
        close(same);

        listed.clear();
        useListed();
        Agent without = startOn(home.resolve("state"), credentials);
        Conversation third = controller.session(3);
        assertThat(third.hello().getAppliedHash())
                .as("no list")
                .isNotEqualTo(ScriptedController.hash(List.of(assignment)));
        assertThat(assign(third, assignment).getRejectedList()).hasSize(1);
        close(without);

        list("imap-alice", alice());
        startOn(home.resolve("state"), credentials);
        Conversation fourth = controller.session(4);
        assertThat(fourth.hello().getAppliedHash())
                .as("the list again")
                .isNotEqualTo(ScriptedController.hash(List.of(assignment)));
        assertThat(assign(fourth, assignment).getRejectedList()).isEmpty();
    }

    private Path secretFile() {
        return home.resolve("alice");
    }

    private SecretSource alice() {
        return new SecretSource.PrivateFile(secretFile());
    }

    private void write(String secret) throws IOException {
        Files.deleteIfExists(secretFile());
        Files.createFile(
                secretFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secretFile(), secret + "\n");
    }

    private void list(String name, SecretSource source) {
        list(name, new LocalSecret(source, Set.of()));
    }

    private void list(String name, LocalSecret secret) {
        listed.put(name, secret);
        useListed();
    }

    private void useListed() {
        Map<LocalSecretName, LocalSecret> byName = new HashMap<>();
        listed.forEach((name, secret) -> byName.put(new LocalSecretName(name), secret));
        secrets = new LocalSecrets(byName, variable -> null, SystemClocks.monotonic());
    }

    private static Secret.Builder named(String name, boolean isToken) {
        return Secret.newBuilder()
                .setUsername("alice")
                .setLocalSecret(io.postwatch.proto.agent.v1.LocalSecret.newBuilder()
                        .setName(name)
                        .setAccessToken(isToken));
    }

    private static Assignment local(Conversation session, long series, Secret.Builder secret) throws Exception {
        return anAssignment(series, 10)
                .setCheck(aCheck().setLogin(io.postwatch.proto.agent.v1.Login.newBuilder()
                        .setMechanism(AuthMechanism.AUTH_MECHANISM_UNSPECIFIED)))
                .setSecret(AgentProofs.seal(
                        session.hello().getSealingKey(),
                        session.hello().getAgentId().toByteArray(),
                        purpose(series),
                        secret.build()))
                .build();
    }

    private static Applied assign(Conversation session, Assignment... assignments) {
        session.say(ScriptedController.snapshot(3, List.of(assignments)));
        return session.await(AgentMessage::hasApplied).getApplied();
    }
}
