package io.postwatch.controller.gateway.mapping;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.postwatch.controller.assignment.AssignmentOrder;
import io.postwatch.controller.assignment.RunOrder;
import io.postwatch.controller.assignment.SealedLogin;
import io.postwatch.controller.assignment.WireFormat;
import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.monitortest.TestFormat;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.TestOrderId;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.SealedSecret;
import io.postwatch.proto.agent.v1.TriggeredRun;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** From the controller's orders to what an agent is told. */
@Component
public final class OrderMapping implements WireFormat, TestFormat {
    @Override
    public byte[] login(MonitorLogin login, @Nullable LoginSecret secret) {
        return CheckMapping.secret(login, secret).toByteArray();
    }

    @Override
    public byte[] testOrder(
            TestOrderId id, MonitorSettings settings, AddressFamily target, @Nullable SealedLogin secret) {
        RunTest.Builder order =
                RunTest.newBuilder().setTestId(bytes(id.value())).setCheck(CheckMapping.check(settings, target));
        if (secret != null) {
            order.setSecret(sealed(secret));
        }
        return order.build().toByteArray();
    }

    public static Assignment assignment(AssignmentOrder order) {
        Assignment.Builder assignment = Assignment.newBuilder()
                .setSeries(order.series().value())
                .setRevision(order.revision())
                .setMonitorId(bytes(order.monitor().value()))
                .setShare(order.share())
                .setPeriod(duration(order.settings().period()))
                .setAnchor(duration(order.anchor()))
                .setCheck(CheckMapping.leased(CheckMapping.check(order.settings(), order.target())));
        if (order.secret() != null) {
            assignment.setSecret(sealed(order.secret()));
        }
        return assignment.build();
    }

    public static TriggeredRun run(RunOrder order) {
        return TriggeredRun.newBuilder()
                .setSeries(order.series().value())
                .setRevision(order.revision())
                .setScheduledAt(timestamp(order.scheduledAt()))
                .build();
    }

    private static SealedSecret sealed(SealedLogin secret) {
        return SealedSecret.newBuilder()
                .setKeyFingerprint(ByteString.copyFrom(secret.keyFingerprint().toArray()))
                .setSealed(ByteString.copyFrom(secret.sealed().toArray()))
                .setPurpose(ByteString.copyFrom(secret.purpose().toArray()))
                .build();
    }

    public static ByteString bytes(UUID id) {
        return ByteString.copyFrom(Bytes.of(id).toArray());
    }

    public static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    public static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
