package io.postwatch.controller.database;

import io.postwatch.controller.home.StartupRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How PostgreSQL's programs are started: never as root, in a session of their own so that Ctrl-C reaches only the
 * controller, and told to stop by the kernel when the thread that started them ends, however it ends.
 */
final class ChildProcesses {
    private static final String USER = "nobody";

    private final List<String> prefix;
    private final boolean asNobody;

    private ChildProcesses(List<String> prefix, boolean asNobody) {
        this.prefix = prefix;
        this.asNobody = asNobody;
    }

    static ChildProcesses ofThisUser() {
        boolean root = System.getProperty("user.name", "").equals("root");
        Optional<String> setpriv = find("setpriv");
        if (root && setpriv.isEmpty()) {
            throw new StartupRefused(
                    "PostgreSQL refuses to run as root, and setpriv, which would start it as nobody, is not installed.",
                    "Install util-linux, start the controller as another user, or set POSTWATCH_DATABASE_URL.");
        }
        List<String> prefix = new ArrayList<>();
        setpriv.ifPresent(program -> prefix.addAll(List.of(program, "--pdeathsig", "INT")));
        if (root) {
            prefix.addAll(List.of("--reuid=" + USER, "--regid=" + group(), "--clear-groups"));
        }
        if (setpriv.isPresent()) {
            prefix.add("--");
        }
        find("setsid").ifPresent(prefix::add);
        return new ChildProcesses(List.copyOf(prefix), root);
    }

    ProcessBuilder builder(Path workingFolder, List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole)
                .directory(workingFolder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        Map<String, String> environment = builder.environment();
        String path = environment.get("PATH");
        environment.clear();
        environment.put("PATH", path == null ? "/usr/bin:/bin" : path);
        environment.put("LC_ALL", "C");
        return builder;
    }

    /** Runs a program to its end and gives its output; throws with that output where it fails. */
    String run(Path workingFolder, List<String> command) throws IOException, InterruptedException {
        Process process = builder(workingFolder, command).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException(Path.of(command.getFirst()).getFileName() + " ended with " + exit + ": " + output);
        }
        return output;
    }

    /** Hands a file or folder over to the user PostgreSQL runs as. */
    void giveToChild(Path path) throws IOException {
        if (asNobody) {
            Files.setOwner(path, nobody(path.getFileSystem()));
        }
    }

    /** Refuses a folder that the user PostgreSQL runs as can't enter. */
    void checkReachable(Path folder) throws IOException {
        if (!asNobody) {
            return;
        }
        UserPrincipal nobody = nobody(folder.getFileSystem());
        for (@Nullable Path step = folder; step != null; step = step.getParent()) {
            boolean open =
                    Files.getPosixFilePermissions(step, new LinkOption[0]).contains(PosixFilePermission.OTHERS_EXECUTE);
            if (!open && !Files.getOwner(step).equals(nobody)) {
                throw new StartupRefused(
                        "PostgreSQL refuses to run as root, so it runs as nobody, who can't reach " + folder
                                + " because " + step + " is closed to others.",
                        "Set POSTWATCH_DATA_DIR to a folder others may pass through, for example /var/lib/postwatch, or start the controller as another user.");
            }
        }
    }

    private static UserPrincipal nobody(FileSystem files) throws IOException {
        return files.getUserPrincipalLookupService().lookupPrincipalByName(USER);
    }

    private static String group() {
        try {
            Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName("nogroup");
            return "nogroup";
        } catch (UserPrincipalNotFoundException e) {
            return USER;
        } catch (IOException e) {
            throw new StartupRefused(
                    "The groups of this machine can't be read.", "Start the controller as another user than root.", e);
        }
    }

    private static Optional<String> find(String program) {
        return List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin").stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
