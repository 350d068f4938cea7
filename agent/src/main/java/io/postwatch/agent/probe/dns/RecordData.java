package io.postwatch.agent.probe.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** What one record holds. */
sealed interface RecordData {

    record Address(InetAddress address) implements RecordData {}

    /** The strings of a TXT record joined (as RFC 7208, section 3.3, joins them). */
    record Text(String text) implements RecordData {}

    static RecordData read(byte[] bytes, RecordType type) throws MalformedMessage {
        return switch (type) {
            case A -> new Address(address(bytes, 4));
            case AAAA -> new Address(address(bytes, 16));
            case TXT -> new Text(text(bytes));
        };
    }

    static List<InetAddress> addresses(List<RecordData> records) {
        return records.stream()
                .filter(Address.class::isInstance)
                .map(record -> ((Address) record).address())
                .toList();
    }

    static List<String> texts(List<RecordData> records) {
        return records.stream()
                .filter(Text.class::isInstance)
                .map(record -> ((Text) record).text())
                .toList();
    }

    private static InetAddress address(byte[] bytes, int length) throws MalformedMessage {
        if (bytes.length != length) {
            throw new MalformedMessage("an address has " + bytes.length + " bytes");
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    private static String text(byte[] bytes) throws MalformedMessage {
        MessageReader reader = new MessageReader(bytes, bytes.length);
        StringBuilder text = new StringBuilder();
        do {
            for (byte octet : reader.bytes(reader.u8())) {
                MessageReader.appendPrintable(text, Byte.toUnsignedInt(octet));
            }
        } while (reader.position() < bytes.length);
        return text.toString();
    }
}
