package io.postwatch.agent.probe.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** An answer in the making, right or wrong: {@code DnsMessage.to(query).a("mail.example.org", "127.0.0.1").bytes()}. */
public final class DnsMessage {

    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(records);
    private int id;
    private int flags = 0x8180;
    private int questions = 1;
    private int answers;
    private String name;
    private int type;
    private int questionClass = 1;

    private DnsMessage(ScriptedDns.Query query) {
        this.id = query.id();
        this.name = query.name();
        this.type = query.type();
    }

    /** The answer that there is nothing, with recursion, to that question. */
    public static DnsMessage to(ScriptedDns.Query query) {
        return new DnsMessage(query);
    }

    public DnsMessage id(int other) {
        id = other;
        return this;
    }

    public DnsMessage flags(int all) {
        flags = all;
        return this;
    }

    public DnsMessage code(int code) {
        flags = (flags & 0xfff0) | code;
        return this;
    }

    public DnsMessage truncated() {
        flags |= 0x0200;
        return this;
    }

    public DnsMessage about(String otherName, int otherType, int otherClass) {
        name = otherName;
        type = otherType;
        questionClass = otherClass;
        return this;
    }

    public DnsMessage withoutQuestion() {
        questions = 0;
        return this;
    }

    /** A header that promises another number of answers. */
    public DnsMessage promising(int count) {
        answers = count;
        return this;
    }

    /** An address of either family, if that is what was asked for. */
    public DnsMessage address(String owner, String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        return (bytes.length == 4 ? 1 : 28) == type ? record(wire(owner), bytes.length == 4 ? 1 : 28, 1, bytes) : this;
    }

    public DnsMessage alias(String owner, String target) {
        return record(wire(owner), 5, 1, wire(target));
    }

    /** A text of one string, or of several that belong together. */
    public DnsMessage text(String owner, String... strings) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (String string : strings) {
            byte[] bytes = string.getBytes(StandardCharsets.ISO_8859_1);
            data.write(bytes.length);
            data.writeBytes(bytes);
        }
        return record(wire(owner), 16, 1, data.toByteArray());
    }

    /** Any record: the owner as it goes over the wire. */
    public DnsMessage record(byte[] owner, int recordType, int recordClass, byte[] data) {
        return record(owner, recordType, recordClass, data, data.length);
    }

    /** Any record that says another length than it has. */
    public DnsMessage record(byte[] owner, int recordType, int recordClass, byte[] data, int length) {
        try {
            out.write(owner);
            out.writeShort(recordType);
            out.writeShort(recordClass);
            out.writeInt(60);
            out.writeShort(length);
            out.write(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers++;
        return this;
    }

    public byte[] bytes() {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try (DataOutputStream all = new DataOutputStream(message)) {
            all.writeShort(id);
            all.writeShort(flags);
            all.writeShort(questions);
            all.writeShort(answers);
            all.writeInt(0);
            if (questions > 0) {
                all.write(wire(name));
                all.writeShort(type);
                all.writeShort(questionClass);
            }
            all.write(records.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return message.toByteArray();
    }

    /** A name as it goes over the wire, uncompressed. */
    public static byte[] wire(String name) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
            wire.write(bytes.length);
            wire.writeBytes(bytes);
        }
        wire.write(0);
        return wire.toByteArray();
    }
}
