package io.postwatch.agent.assignment;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;

/**
 * SHA-256 over, for every assignment in ascending order of series, the eight bytes of series and the eight bytes of
 * revision, big-endian: never over sealed bytes, which differ each time.
 *
 * @param hex 64 digits in lower case
 */
public record StateHash(String hex) {

    public static StateHash of(Collection<? extends AssignedItem> items) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            items.stream()
                    .sorted(Comparator.comparing(AssignedItem::series))
                    .forEach(item -> digest.update(ByteBuffer.allocate(2 * Long.BYTES)
                            .putLong(item.series().value())
                            .putLong(item.revision())
                            .array()));
            return new StateHash(HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static StateHash ofBytes(byte[] bytes) {
        return new StateHash(HexFormat.of().formatHex(bytes));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }
}
