package io.postwatch.controller.shared;

/** Who spoke a line of a transcript; NOTE is the prober itself. */
public enum Direction {
    CLIENT,
    SERVER,
    NOTE
}
