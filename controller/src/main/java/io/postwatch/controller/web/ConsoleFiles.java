package io.postwatch.controller.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.PathResourceResolver;
import org.springframework.web.servlet.resource.ResourceTransformer;
import org.springframework.web.servlet.resource.ResourceTransformerChain;
import org.springframework.web.servlet.resource.TransformedResource;
import org.springframework.web.util.HtmlUtils;

/**
 * Serves the console. Files under {@code assets} carry a hash in their name and never change; every other path that is
 * not the API's is a page of the console and gets its one HTML file, which says where the console is served.
 */
@Component
class ConsoleFiles implements WebMvcConfigurer {
    private static final String LOCATION = "classpath:/META-INF/resources/";
    private static final String INDEX = "index.html";

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/assets/**")
                .addResourceLocations(LOCATION + "assets/")
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
        registry.addResourceHandler("/**")
                .addResourceLocations(LOCATION)
                .setCacheControl(CacheControl.noCache())
                .resourceChain(false)
                .addResolver(new PageResolver())
                .addTransformer(new BasePath());
    }

    private static boolean isPage(String path) {
        return !path.equals("api") && !path.startsWith("api/") && !path.startsWith("actuator");
    }

    private static final class PageResolver extends PathResourceResolver {
        @Override
        protected @Nullable Resource getResource(String path, Resource location) throws IOException {
            Resource file = path.isEmpty() ? null : super.getResource(path, location);
            if (file != null || !isPage(path)) {
                return file;
            }
            ClassPathResource index = new ClassPathResource("META-INF/resources/" + INDEX);
            return index.exists() ? index : null;
        }
    }

    private static final class BasePath implements ResourceTransformer {
        @Override
        public Resource transform(HttpServletRequest request, Resource resource, ResourceTransformerChain chain)
                throws IOException {
            Resource transformed = chain.transform(request, resource);
            if (!INDEX.equals(transformed.getFilename())) {
                return transformed;
            }
            String prefix = Optional.ofNullable(request.getContextPath()).orElse("");
            String html = transformed
                    .getContentAsString(StandardCharsets.UTF_8)
                    .replaceFirst("<base href=\"/\"", "<base href=\"" + HtmlUtils.htmlEscape(prefix) + "/\"");
            return new TransformedResource(transformed, html.getBytes(StandardCharsets.UTF_8));
        }
    }
}
