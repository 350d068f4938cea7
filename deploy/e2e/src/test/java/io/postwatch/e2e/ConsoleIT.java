package io.postwatch.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.postwatch.e2e.RealMailServers.Listener.IMAPS;
import static io.postwatch.e2e.RealMailServers.Listener.POP3S;
import static io.postwatch.e2e.RealMailServers.USERNAME;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A person with a browser: signs in, adds a monitor on the real Dovecot, tests it, saves it and watches it.
 *
 * <p>{@code -Dpostwatch.screenshot=FILE} takes a picture of the monitor's page once its chart shows five minutes.
 */
@NeedsDebianPackages
final class ConsoleIT {
    private static final double PATIENCE_MILLIS = 25_000;
    private static final int RUNS_IN_PICTURE = 30;
    private static final Pattern RUNS_IN_CHART = Pattern.compile("(\\d+) runs?,.*");

    @Test
    void aMonitorIsAddedTestedSavedAndWatched(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
        try (RealMailServers servers = RealMailServers.start();
                Platform platform = Platform.start(folder.resolve("platform"), servers.authority());
                Browser browser = Browser.open(platform.url())) {
            Page page = browser.page();
            page.setDefaultTimeout(PATIENCE_MILLIS);
            try {
                signIn(browser, platform);
                addMonitor(browser, servers);
                watchIt(browser, servers);
                addPop3MonitorThatExpectsTooMuch(browser, servers);
                seeTheOtherPages(browser);
                browser.assertQuiet();
            } catch (AssertionError | RuntimeException e) {
                browser.screenshot(Path.of("target/console-failed.png"));
                throw e;
            }
        }
    }

    private static void signIn(Browser browser, Platform platform) {
        Page page = browser.page();
        page.navigate("/");
        page.getByLabel("E-mail").fill(Platform.OWNER);
        browser.assertAccessible();
        password(page).fill(platform.ownerPassword());
        page.getByRole(AriaRole.BUTTON, named("Sign in")).click();
        assertThat(page.getByRole(
                        AriaRole.HEADING,
                        new Page.GetByRoleOptions().setName("Monitors").setLevel(1)))
                .isVisible();
        assertThat(page.getByText("No monitors yet")).isVisible();
        browser.assertAccessible();
    }

    private static void addMonitor(Browser browser, RealMailServers servers) {
        Page page = browser.page();
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Add monitor"))
                .click();
        page.getByText("IMAP", new Page.GetByTextOptions().setExact(true)).click();
        page.getByLabel("Host").fill(IMAPS.host());
        page.getByLabel("Port", new Page.GetByLabelOptions().setExact(true))
                .fill(Integer.toString(servers.port(IMAPS)));
        page.locator("input[role=switch]").check();
        page.getByLabel("User name").fill(USERNAME);
        password(page).fill(servers.password());
        open(page, "Options");
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("Dovecot of the office");
        page.getByLabel("Every").fill("10");
        page.getByLabel("Give up after").fill("9");
        page.getByLabel("Slow: warning from").fill("4");
        page.getByLabel("Slow: error from").fill("8");
        browser.assertAccessible();

        page.getByRole(AriaRole.BUTTON, named("Test")).click();
        assertThat(page.getByText("Good from 1 place.")).isVisible(visibleSoon());
        page.locator("details > summary").first().click();
        assertThat(page.getByText("Postwatch Test Intermediate").first()).isVisible();
        assertThat(page.locator("body")).not().containsText(servers.password());
        browser.assertAccessible();

        page.getByRole(AriaRole.BUTTON, named("Save monitor")).click();
        assertThat(page.getByRole(AriaRole.HEADING, named("Dovecot of the office")))
                .isVisible();
    }

    private static void watchIt(Browser browser, RealMailServers servers) {
        Page page = browser.page();
        Locator chart = page.getByRole(AriaRole.IMG, new Page.GetByRoleOptions().setName(Pattern.compile("median")));
        assertThat(chart).isVisible(visibleSoon());
        int first = runsIn(chart);
        page.waitForCondition(() -> runsIn(chart) > first, new Page.WaitForConditionOptions().setTimeout(60_000));
        browser.assertAccessible();
        takePicture(browser, chart);

        servers.stop(MailServer.DOVECOT);
        assertThat(page.locator("p[role=status]"))
                .containsText(
                        "refused",
                        new ContainsTextOptions().setTimeout(PATIENCE_MILLIS).setIgnoreCase(true));
        browser.assertAccessible();
        servers.start(MailServer.DOVECOT);
        assertThat(page.locator("p[role=status]"))
                .not()
                .containsText(
                        "refused", new ContainsTextOptions().setTimeout(60_000).setIgnoreCase(true));

        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        browser.assertAccessible();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    /** With options: what the server must say. Its result shows what it said instead. */
    private static void addPop3MonitorThatExpectsTooMuch(Browser browser, RealMailServers servers) {
        Page page = browser.page();
        page.navigate("/monitors/new");
        page.getByText("POP3", new Page.GetByTextOptions().setExact(true)).click();
        page.getByLabel("Host").fill(POP3S.host());
        page.getByLabel("Port", new Page.GetByLabelOptions().setExact(true))
                .fill(Integer.toString(servers.port(POP3S)));
        open(page, "What it must say");
        page.getByLabel("Greeting contains").fill("dovecot");
        field(page, "Capabilities it must offer").fill("UTF8");
        page.keyboard().press("Enter");
        open(page, "How far it goes");
        assertThat(page.getByText("The run ends after the capabilities")).isVisible();
        open(page, "Options");
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("Maildrop of the office");
        browser.assertAccessible();
        page.getByRole(AriaRole.BUTTON, named("Save monitor")).click();
        assertThat(page.getByRole(AriaRole.HEADING, named("Maildrop of the office")))
                .isVisible();
        assertThat(page.locator("p[role=status]"))
                .containsText("did not say what was expected", new ContainsTextOptions().setTimeout(PATIENCE_MILLIS));
        browser.assertAccessible();
    }

    /** With a list of choices below it, which has the same label. */
    private static Locator field(Page page, String label) {
        return page.getByLabel(label).and(page.locator("input:visible"));
    }

    private static void open(Page page, String options) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^" + options)))
                .click();
    }

    private static void takePicture(Browser browser, Locator chart) {
        String file = System.getProperty("postwatch.screenshot", "");
        if (!file.isEmpty()) {
            browser.page()
                    .waitForCondition(
                            () -> runsIn(chart) >= RUNS_IN_PICTURE,
                            new Page.WaitForConditionOptions().setTimeout(900_000));
        }
        browser.screenshot(Path.of(file.isEmpty() ? "target/console.png" : file));
    }

    private static void seeTheOtherPages(Browser browser) {
        Page page = browser.page();
        page.getByRole(
                        AriaRole.LINK,
                        new Page.GetByRoleOptions().setName("Monitors").setExact(true))
                .first()
                .click();
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Dovecot of the office")))
                .isVisible();
        browser.assertAccessible();
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(Pattern.compile("^Locations")))
                .click();
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("This machine"))
                .first()
                .click();
        assertThat(page.getByText("in sync").first()).isVisible();
        browser.assertAccessible();

        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Put into maintenance")))
                .click();
        Locator question = page.getByRole(AriaRole.DIALOG);
        assertThat(question).containsText("No other agent of This machine is at work.");
        assertThat(question)
                .containsText("2 monitors will have no data at all, since no other place has any:"
                        + " Dovecot of the office and Maildrop of the office.");
        browser.assertAccessible();
        page.getByRole(AriaRole.BUTTON, named("Leave it at work")).click();
        assertThat(question).isHidden();
    }

    private static int runsIn(Locator chart) {
        Matcher words = RUNS_IN_CHART.matcher(
                String.valueOf(chart.getAttribute("aria-label")).replaceFirst(".*: ", ""));
        return words.matches() ? Integer.parseInt(words.group(1)) : 0;
    }

    private static Locator password(Page page) {
        return page.locator("input[type=password]");
    }

    private static IsVisibleOptions visibleSoon() {
        return new IsVisibleOptions().setTimeout(PATIENCE_MILLIS);
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }
}
