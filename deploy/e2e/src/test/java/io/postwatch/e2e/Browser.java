package io.postwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A headless Chromium with one page of the console. It remembers what a person would not see: errors in the console of
 * the page, and requests that leave the machine. Called by one thread.
 */
final class Browser implements AutoCloseable {
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final BrowserContext context;
    private final Page page;
    private final List<String> errors = new ArrayList<>();
    private final List<String> foreign = new ArrayList<>();

    private Browser(Playwright playwright, BrowserContext context, URI url) {
        this.playwright = playwright;
        this.context = context;
        this.page = context.newPage();
        page.onConsoleMessage(this::remember);
        page.onPageError(error -> errors.add(error));
        page.onRequest(request -> {
            String address = request.url();
            if (!address.startsWith(url.toString()) && !address.startsWith("data:") && !address.startsWith("blob:")) {
                foreign.add(address);
            }
        });
    }

    static Browser open(URI url) {
        String chromium = System.getProperty("postwatch.chromium", "/usr/bin/chromium");
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        try {
            BrowserContext context = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(Path.of(chromium))
                            .setHeadless(true)
                            .setArgs(FLAGS))
                    .newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                            .setBaseURL(url.toString())
                            .setViewportSize(1360, 900)
                            .setColorScheme(ColorScheme.LIGHT)
                            .setLocale("en-GB")
                            .setTimezoneId("Europe/Berlin"));
            return new Browser(playwright, context, url);
        } catch (RuntimeException e) {
            playwright.close();
            throw e;
        }
    }

    Page page() {
        return page;
    }

    /** No script failed, and nothing was asked of another machine. */
    void assertQuiet() {
        assertThat(errors).as("errors in the page").isEmpty();
        assertThat(foreign).as("requests to elsewhere").isEmpty();
    }

    /** The page as it is now breaks none of axe's rules for WCAG 2.2 AA. */
    void assertAccessible() {
        page.evaluate(axe());
        Object violations = page.evaluate("""
                async () => {
                  // A colour on its way to another one is no colour to judge.
                  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
                  const { violations } = await axe.run(document, {
                    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
                  });
                  return violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html));
                }""");
        assertThat((List<?>) violations).as("axe on " + page.url()).isEmpty();
    }

    void screenshot(Path file) {
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
    }

    @Override
    public void close() {
        context.close();
        playwright.close();
    }

    private void remember(ConsoleMessage message) {
        // Asking who is signed in, before anybody is, is answered by 401, and the browser notes that.
        boolean notSignedIn =
                message.text().contains("status of 401") && message.location().contains("/api/v1/session");
        if (message.type().equals("error") && !notSignedIn) {
            errors.add(message.text() + " at " + message.location());
        }
    }

    /** From the console's own development dependencies. */
    private static String axe() {
        try {
            return Files.readString(Platform.HOME.resolve("web-ui/node_modules/axe-core/axe.min.js"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
