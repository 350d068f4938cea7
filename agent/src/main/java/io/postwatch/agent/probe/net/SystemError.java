package io.postwatch.agent.probe.net;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The errors of the operating system that tell why a connection failed. The JDK passes them on in the system's words,
 * which depend on its C library and its language: they are asked for once, and the English ones are known besides.
 */
enum SystemError {
    REFUSED(111, "Connection refused"),
    TIMED_OUT(110, "Connection timed out", "Operation timed out"),
    HOST_UNREACHABLE(113, "No route to host", "Host is unreachable"),
    HOST_DOWN(112, "Host is down"),
    NETWORK_UNREACHABLE(101, "Network is unreachable", "Network unreachable"),
    RESET(104, "Connection reset");

    private static final int MAX_TEXT = 1024;

    private final Pattern texts;

    /** @param linuxNumber its errno on Linux, where the JDK has no words of its own */
    SystemError(int linuxNumber, String... english) {
        texts = Stream.concat(Stream.of(english), Stream.ofNullable(textOf(linuxNumber)))
                .map(Pattern::quote)
                .collect(Collectors.collectingAndThen(Collectors.joining("|"), Pattern::compile));
    }

    /** Whether this is what the exception says. Behind the system's words the JDK may name the call or the address. */
    boolean isSaidBy(IOException e) {
        return texts.matcher(String.valueOf(e.getMessage())).lookingAt();
    }

    /** What strerror(3) says in the language of this process; null where it can't be asked. */
    @SuppressWarnings("restricted") // The signature is that of the C standard, and the text it returns ends with NUL.
    static @Nullable String textOf(int linuxNumber) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        try {
            Linker linker = Linker.nativeLinker();
            MethodHandle strerror = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("strerror"),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
            MemorySegment text = (MemorySegment) strerror.invokeExact(linuxNumber);
            return text.reinterpret(MAX_TEXT)
                    .getString(0, Charset.forName(System.getProperty("native.encoding", "UTF-8")));
        } catch (Throwable unavailable) {
            // Without native access the English words remain; a reason in others counts as unknown, never as refused.
            return null;
        }
    }
}
