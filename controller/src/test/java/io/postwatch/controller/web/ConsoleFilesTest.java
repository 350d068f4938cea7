package io.postwatch.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.web.ApiClient.Answer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@ControllerTest
class ConsoleFilesTest {
    private static final Pattern SCRIPT = Pattern.compile("src=\"\\./(assets/[^\"]+\\.js)\"");

    private final ApiClient browser;

    ConsoleFilesTest(@Autowired TestPeople people) {
        this.browser = people.anonymous();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/monitors", "/monitors/0190-any/edit", "/apiary"})
    void everyPageIsTheConsole(String path) {
        Answer answer = browser.get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/html");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(answer.text()).contains("<div id=\"root\">", "<base href=\"/\"");
    }

    @Test
    void filesWithAHashInTheirNameAreKeptByBrowsers() {
        Matcher script = SCRIPT.matcher(browser.get("/").text());
        assertThat(script.find()).isTrue();

        Answer answer = browser.get("/" + script.group(1));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("javascript");
        assertThat(answer.header("Cache-Control")).contains("immutable", "max-age=31536000");
    }

    @Test
    void aMissingAssetIsMissing() {
        assertThat(browser.get("/assets/gone-1234.js").code()).isEqualTo("not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../application.yml",
                "/%2e%2e/application.yml",
                "/..%2fapplication.yml",
                "/assets/..%2f..%2f..%2fapplication.yml"
            })
    void nothingElseOfTheJarIsServed(String path) {
        assertThat(browser.get(path).text()).doesNotContain("POSTWATCH_DATA_DIR");
    }
}
