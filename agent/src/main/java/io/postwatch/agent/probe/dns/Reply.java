package io.postwatch.agent.probe.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one message means for the question it came upon. */
sealed interface Reply {

    /** It answers no question of ours: another id, another name, no answer at all. Whoever sent it, it is ignored. */
    record Foreign() implements Reply {}

    /** It did not fit; the whole comes over TCP. */
    record Truncated() implements Reply {}

    /** The name, or the last of its aliases, does not exist. */
    record NoSuchName(List<String> aliases) implements Reply {}

    /** The addresses of the name; empty: it has none of this type. */
    record Addresses(List<String> aliases, List<InetAddress> addresses) implements Reply {}

    /** The texts of the name, each record's strings joined; empty: it has none. */
    record Texts(List<String> aliases, List<String> texts) implements Reply {}

    /** It is our answer and says nothing about the name; the reason follows the name of who sent it. */
    record Useless(String reason) implements Reply {}

    /** Aliases that a name may lead over. */
    int MAX_ALIASES = 8;

    /** Records that are looked at: twice what the largest pools of servers have. */
    int MAX_RECORDS = 256;

    /** Reads a message. Only what belongs to the question is believed: its name, and the aliases that lead on from it. */
    static Reply read(byte[] message, int length, Question question) {
        MessageReader reader = new MessageReader(message, length);
        Header header;
        try {
            header = Header.read(reader);
            if (!header.answers(question.id())) {
                return new Foreign();
            }
            // Some servers refuse with a bare header.
            boolean bare = header.questions() == 0 && header.isError();
            if (!bare && !(header.questions() == 1 && isAbout(question, reader))) {
                return new Foreign();
            }
        } catch (MalformedMessage _) {
            return new Foreign();
        }
        if (header.isError()) {
            return new Useless("answered " + header.codeText());
        }
        if (header.isTruncated()) {
            return new Truncated();
        }
        if (header.answers() > MAX_RECORDS) {
            return new Useless("answered with more than " + MAX_RECORDS + " records");
        }
        try {
            return records(reader, header, question);
        } catch (MalformedMessage e) {
            return new Useless("sent an answer that can't be read: " + e.getMessage());
        }
    }

    private static boolean isAbout(Question question, MessageReader reader) throws MalformedMessage {
        return reader.name().equals(question.name())
                && reader.u16() == question.type().code()
                && reader.u16() == Question.CLASS_IN;
    }

    private static Reply records(MessageReader reader, Header header, Question question) throws MalformedMessage {
        Map<String, String> targets = new HashMap<>();
        Map<String, List<RecordData>> found = new HashMap<>();
        for (int i = 0; i < header.answers(); i++) {
            String owner = reader.name();
            int type = reader.u16();
            boolean internet = reader.u16() == Question.CLASS_IN;
            reader.skip(4);
            int size = reader.u16();
            int end = reader.position() + size;
            if (internet && type == 5) {
                targets.putIfAbsent(owner, reader.name());
            } else if (internet && type == question.type().code()) {
                found.computeIfAbsent(owner, _ -> new ArrayList<>())
                        .add(RecordData.read(reader.bytes(size), question.type()));
            } else {
                reader.skip(size);
            }
            if (reader.position() != end) {
                throw new MalformedMessage("a record has another length than it says");
            }
        }
        return follow(question, targets, found, header);
    }

    private static Reply follow(
            Question question, Map<String, String> targets, Map<String, List<RecordData>> records, Header header) {
        List<String> aliases = new ArrayList<>();
        String name = question.name();
        String last = name;
        for (String next = targets.get(last); next != null; next = targets.get(last)) {
            if (next.equals(name) || aliases.contains(next)) {
                return new Useless("told of aliases (CNAME) that go in a circle");
            }
            if (aliases.size() == MAX_ALIASES) {
                return new Useless("told of more than " + MAX_ALIASES + " aliases (CNAME) in a row");
            }
            aliases.add(next);
            last = next;
        }
        if (header.isNoSuchName()) {
            return new NoSuchName(aliases);
        }
        List<RecordData> found = records.getOrDefault(last, List.of());
        boolean complete = header.recurses() || (header.isAuthoritative() && aliases.isEmpty());
        if (found.isEmpty() && !complete) {
            return new Useless("is no resolver: it answers only what it knows itself");
        }
        return switch (question.type()) {
            case A, AAAA -> new Addresses(aliases, RecordData.addresses(found));
            case TXT -> new Texts(aliases, RecordData.texts(found));
        };
    }

    /** The first 12 bytes of a message, as far as a stub needs them. */
    record Header(int id, int flags, int questions, int answers) {

        private static final List<String> CODES =
                List.of("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED");

        static Header read(MessageReader reader) throws MalformedMessage {
            Header header = new Header(reader.u16(), reader.u16(), reader.u16(), reader.u16());
            reader.skip(4);
            return header;
        }

        /** A response to a standard query of that id. */
        boolean answers(int expectedId) {
            return id == expectedId && (flags & 0xf800) == 0x8000;
        }

        boolean isAuthoritative() {
            return (flags & 0x0400) != 0;
        }

        boolean isTruncated() {
            return (flags & 0x0200) != 0;
        }

        boolean recurses() {
            return (flags & 0x0080) != 0;
        }

        boolean isNoSuchName() {
            return code() == 3;
        }

        boolean isError() {
            return code() != 0 && !isNoSuchName();
        }

        String codeText() {
            return code() < CODES.size() ? CODES.get(code()) + " (" + code() + ")" : "with response code " + code();
        }

        private int code() {
            return flags & 0xf;
        }
    }
}
