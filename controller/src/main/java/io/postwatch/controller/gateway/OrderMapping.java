package io.postwatch.controller.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.postwatch.controller.assignment.AssignmentOrder;
import io.postwatch.controller.assignment.CheckOrder;
import io.postwatch.controller.assignment.RunOrder;
import io.postwatch.controller.assignment.SealedLogin;
import io.postwatch.controller.assignment.WireFormat;
import io.postwatch.controller.monitortest.TestFormat;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.MonitorTestId;
import io.postwatch.proto.agent.v1.AddressFamily;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.CertificatePolicy;
import io.postwatch.proto.agent.v1.Check;
import io.postwatch.proto.agent.v1.ImapCheck;
import io.postwatch.proto.agent.v1.Login;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.SealedSecret;
import io.postwatch.proto.agent.v1.Secret;
import io.postwatch.proto.agent.v1.Security;
import io.postwatch.proto.agent.v1.SmtpCheck;
import io.postwatch.proto.agent.v1.Thresholds;
import io.postwatch.proto.agent.v1.TriggeredRun;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** From the controller's orders to what an agent is told. */
@Component
final class OrderMapping implements WireFormat, TestFormat {
    @Override
    public byte[] login(String username, String password) {
        return Secret.newBuilder()
                .setUsername(username)
                .setPassword(password)
                .build()
                .toByteArray();
    }

    @Override
    public byte[] testOrder(MonitorTestId test, CheckOrder check, @Nullable SealedLogin secret) {
        RunTest.Builder order =
                RunTest.newBuilder().setTestId(bytes(test.value())).setCheck(check(check));
        if (secret != null) {
            order.setSecret(sealed(secret));
        }
        return order.build().toByteArray();
    }

    static Assignment assignment(AssignmentOrder order) {
        Assignment.Builder assignment = Assignment.newBuilder()
                .setSeries(order.series().value())
                .setRevision(order.revision())
                .setMonitorId(bytes(order.monitor().value()))
                .setShare(order.share())
                .setPeriod(duration(order.period()))
                .setAnchor(duration(order.anchor()))
                .setCheck(check(order.check()));
        if (order.secret() != null) {
            assignment.setSecret(sealed(order.secret()));
        }
        return assignment.build();
    }

    static TriggeredRun run(RunOrder order) {
        return TriggeredRun.newBuilder()
                .setSeries(order.series().value())
                .setRevision(order.revision())
                .setScheduledAt(timestamp(order.scheduledAt()))
                .build();
    }

    private static Check check(CheckOrder order) {
        Check.Builder check = Check.newBuilder()
                .setHost(order.host())
                .setPort(order.port())
                .setSecurity(
                        switch (order.security()) {
                            case NONE -> Security.SECURITY_NONE;
                            case STARTTLS -> Security.SECURITY_STARTTLS;
                            case TLS -> Security.SECURITY_TLS;
                        })
                .setAddressFamily(
                        switch (order.family()) {
                            case ANY -> AddressFamily.ADDRESS_FAMILY_ANY;
                            case IPV4 -> AddressFamily.ADDRESS_FAMILY_IPV4;
                            case IPV6 -> AddressFamily.ADDRESS_FAMILY_IPV6;
                        })
                .setTimeout(duration(order.timeout()))
                .setThresholds(thresholds(order))
                .setCertificatePolicy(CertificatePolicy.newBuilder()
                        .setWarningDays(order.certificateWarningDays())
                        .setErrorDays(order.certificateErrorDays())
                        .setReportOnly(order.certificateReportOnly()));
        if (order.login() != null) {
            check.setLogin(Login.newBuilder()
                    .setMechanism(mechanism(order.login().mechanism()))
                    .setAllowPlaintext(order.login().allowPlaintext()));
        }
        switch (order.type()) {
            case SMTP -> check.setSmtp(SmtpCheck.getDefaultInstance());
            case IMAP -> check.setImap(ImapCheck.getDefaultInstance());
        }
        return check.build();
    }

    private static Thresholds thresholds(CheckOrder order) {
        Thresholds.Builder thresholds = Thresholds.newBuilder();
        if (order.warning() != null) {
            thresholds.setWarning(duration(order.warning()));
        }
        if (order.error() != null) {
            thresholds.setError(duration(order.error()));
        }
        return thresholds.build();
    }

    private static io.postwatch.proto.agent.v1.AuthMechanism mechanism(@Nullable AuthMechanism mechanism) {
        return switch (mechanism) {
            case null -> io.postwatch.proto.agent.v1.AuthMechanism.AUTH_MECHANISM_UNSPECIFIED;
            case PLAIN -> io.postwatch.proto.agent.v1.AuthMechanism.AUTH_MECHANISM_PLAIN;
            case LOGIN -> io.postwatch.proto.agent.v1.AuthMechanism.AUTH_MECHANISM_LOGIN;
        };
    }

    private static SealedSecret sealed(SealedLogin secret) {
        return SealedSecret.newBuilder()
                .setKeyFingerprint(ByteString.copyFrom(secret.keyFingerprint().toArray()))
                .setSealed(ByteString.copyFrom(secret.sealed().toArray()))
                .setPurpose(ByteString.copyFrom(secret.purpose().toArray()))
                .build();
    }

    static ByteString bytes(UUID id) {
        return ByteString.copyFrom(Bytes.of(id).toArray());
    }

    static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
