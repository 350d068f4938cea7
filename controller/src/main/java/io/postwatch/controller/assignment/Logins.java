package io.postwatch.controller.assignment;

import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.fleet.PlacedAgent;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.secret.Sealer;
import io.postwatch.controller.secret.Secrets;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Logins on their way to an agent: sealed to its key as soon as they are read, and for one purpose, so that nobody
 * between can read them or put one in another's place. Safe for all threads.
 */
@Component
public class Logins {
    /** What people are told of a login whose secret can't be read. */
    public static final String UNREADABLE = "The stored password or access token can't be read: enter it again";

    private static final byte[] LABEL = "postwatch-secret-v1".getBytes(StandardCharsets.US_ASCII);

    private final Secrets secrets;
    private final Sealer sealer;
    private final WireFormat format;

    Logins(Secrets secrets, Sealer sealer, WireFormat format) {
        this.secrets = secrets;
        this.sealer = sealer;
        this.format = format;
    }

    /** A stored password or access token; empty where it can't be read. Part of the caller's transaction. */
    public Optional<LoginSecret> stored(TenantId tenant, SecretId secret) {
        return Optional.ofNullable(secrets.openAll(Map.of(secret, tenant)).get(secret))
                .map(Logins::secret);
    }

    /** The stored passwords and access tokens of these monitors, read at once; one that can't be read is absent. System transaction only. */
    Map<SecretId, LoginSecret> stored(Collection<MonitorDefinition> monitors) {
        Map<SecretId, TenantId> wanted = new HashMap<>();
        for (MonitorDefinition monitor : monitors) {
            SecretId secret = monitor.secret();
            if (secret != null) {
                wanted.put(secret, monitor.tenant());
            }
        }
        Map<SecretId, LoginSecret> logins = new HashMap<>();
        secrets.openAll(wanted).forEach((id, plaintext) -> logins.put(id, secret(plaintext)));
        return logins;
    }

    private static LoginSecret secret(byte[] plaintext) {
        return new LoginSecret(new String(plaintext, StandardCharsets.UTF_8));
    }

    /**
     * The login as that agent alone can open it, bound to what it is for.
     *
     * @param secret null exactly where the agent's host knows it: then its name travels in its place, as well sealed
     */
    public SealedLogin seal(PlacedAgent agent, Bytes purpose, MonitorLogin login, @Nullable LoginSecret secret) {
        byte[] key = agent.sealingKey().toArray();
        byte[] sealed = sealer.seal(key, info(agent, purpose), format.login(login, secret));
        return new SealedLogin(Bytes.of(Digests.sha256(key)), Bytes.of(sealed), purpose);
    }

    private static byte[] info(PlacedAgent agent, Bytes purpose) {
        Bytes id = Bytes.of(agent.id().value());
        return ByteBuffer.allocate(LABEL.length + 1 + id.size() + purpose.size())
                .put(LABEL)
                .put((byte) 0)
                .put(id.toArray())
                .put(purpose.toArray())
                .array();
    }
}
