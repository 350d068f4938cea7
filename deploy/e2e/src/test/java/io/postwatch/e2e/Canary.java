package io.postwatch.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** A planted secret in each shape in which it could be written down. */
final class Canary {
    private final List<String> shapes = new ArrayList<>();

    /**
     * @param username with which it was sent, since SASL's PLAIN encodes both together
     */
    Canary(String username, String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        shapes.add(secret);
        shapes.add(HexFormat.of().formatHex(bytes));
        // Whatever stands before it, one of three alignments of Base64 holds its middle.
        for (String before : List.of("", "x", "xx")) {
            String encoded = Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString((before + secret).getBytes(StandardCharsets.UTF_8));
            shapes.add(encoded.substring(4, encoded.length() - 4));
        }
        shapes.add(
                Base64.getEncoder().encodeToString(("\0" + username + "\0" + secret).getBytes(StandardCharsets.UTF_8)));
    }

    /** The names of those that hold it. */
    List<String> foundIn(List<String> texts) {
        return texts.stream().filter(this::isIn).toList();
    }

    /** The files below a folder that hold it, whatever they are. */
    List<Path> foundBelow(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()
                        && isIn(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))) {
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

    private boolean isIn(String text) {
        return shapes.stream().anyMatch(shape -> text.contains(shape) || text.contains(shape.toUpperCase(Locale.ROOT)));
    }
}
