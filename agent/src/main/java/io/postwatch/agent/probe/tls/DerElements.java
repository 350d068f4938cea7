package io.postwatch.agent.probe.tls;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Counts what stands in an extension, without making anything of it: ITU-T X.690, section 8.1. */
final class DerElements {

    private DerElements() {}

    /**
     * One element.
     *
     * @param content of it, without tag and length
     */
    record Element(int tag, ByteBuffer content) {

        /** What it consists of, as far as that can be read. */
        List<Element> elements() {
            List<Element> found = new ArrayList<>();
            ByteBuffer rest = content.duplicate();
            while (rest.remaining() >= 2) {
                int kind = rest.get() & 0xff;
                int length = length(rest);
                if (length < 0 || length > rest.remaining()) {
                    break;
                }
                found.add(new Element(kind, rest.slice(rest.position(), length)));
                rest.position(rest.position() + length);
            }
            return found;
        }
    }

    /** What the sequence in an extension consists of; empty where there is no such extension. */
    static List<Element> ofExtension(X509Certificate certificate, String identifier) {
        byte[] wrapped = certificate.getExtensionValue(identifier);
        if (wrapped == null) {
            return List.of();
        }
        // An octet string around a sequence.
        return new Element(0, ByteBuffer.wrap(wrapped))
                .elements().stream()
                        .flatMap(octets -> octets.elements().stream())
                        .flatMap(sequence -> sequence.elements().stream())
                        .toList();
    }

    /** Negative where it can't be read. No certificate here is longer than three bytes can say. */
    private static int length(ByteBuffer from) {
        int first = from.get() & 0xff;
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7f;
        if (count == 0 || count > 3 || count > from.remaining()) {
            return -1;
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | (from.get() & 0xff);
        }
        return length;
    }
}
