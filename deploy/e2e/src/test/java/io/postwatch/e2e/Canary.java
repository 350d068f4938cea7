package io.postwatch.e2e;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A planted secret in each shape in which it could be written down, or stand in the memory of a process. */
final class Canary {
    private final ByteSearch search;

    /**
     * @param username with which it was sent, since SASL's PLAIN encodes both together
     * @param secret of 12 bytes at least
     */
    Canary(String username, String secret) {
        Set<String> texts = new LinkedHashSet<>();
        texts.add(secret);
        texts.add(HexFormat.of().formatHex(utf8(secret)));
        texts.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
        texts.add(URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"));
        // Whatever stands before it, one of three alignments of Base64 holds its middle.
        for (String before : List.of("", "x", "xx")) {
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                String encoded = encoder.withoutPadding().encodeToString(utf8(before + secret));
                texts.add(encoded.substring(4, encoded.length() - 4));
            }
        }
        texts.add(Base64.getEncoder().encodeToString(utf8("\0" + username + "\0" + secret)));
        for (String text : List.copyOf(texts)) {
            texts.add(text.toUpperCase(Locale.ROOT));
            texts.add(text.toLowerCase(Locale.ROOT));
        }
        List<byte[]> shapes = new ArrayList<>();
        // As text, and as Java keeps it: in strings of one or two bytes per character, and in arrays, whose dump is
        // big-endian.
        for (Charset charset : List.of(
                StandardCharsets.UTF_8,
                StandardCharsets.ISO_8859_1,
                StandardCharsets.UTF_16BE,
                StandardCharsets.UTF_16LE)) {
            texts.forEach(text -> shapes.add(text.getBytes(charset)));
        }
        search = new ByteSearch(shapes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Those that hold it. */
    List<String> foundIn(List<String> texts) {
        return texts.stream().filter(text -> search.isIn(utf8(text))).toList();
    }

    /** The files below a folder that hold it, whatever they are; a file is below itself. */
    List<Path> foundBelow(Path top) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && search.isIn(file)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                // A running database removes files while one looks.
                if (Files.exists(file)) {
                    throw failure;
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }
}
