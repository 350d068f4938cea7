package io.postwatch.agent.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/** A text file of named binary blocks (RFC 7468). */
record Pem(List<Block> blocks) {

    Pem {
        blocks = List.copyOf(blocks);
    }

    /** One block; its content is not copied, since it never leaves this package. */
    static final class Block {

        private final String type;
        private final byte[] content;

        Block(String type, byte[] content) {
            this.type = type;
            this.content = content;
        }

        String type() {
            return type;
        }

        byte[] content() {
            return content;
        }
    }

    static Pem decode(byte[] file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        try (PemReader reader =
                new PemReader(new InputStreamReader(new ByteArrayInputStream(file), StandardCharsets.US_ASCII))) {
            for (PemObject object = reader.readPemObject(); object != null; object = reader.readPemObject()) {
                blocks.add(new Block(object.getType(), object.getContent()));
            }
        }
        return new Pem(blocks);
    }

    byte[] encode() throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            for (Block block : blocks) {
                writer.writeObject(new PemObject(block.type(), block.content()));
            }
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    List<byte[]> all(String type) {
        return blocks.stream()
                .filter(block -> block.type().equals(type))
                .map(Block::content)
                .toList();
    }

    byte[] only(String type) throws IOException {
        List<byte[]> found = all(type);
        if (found.size() != 1) {
            throw new IOException("expected one block \"" + type + "\", found " + found.size());
        }
        return found.getFirst();
    }
}
