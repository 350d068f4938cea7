package io.postwatch.controller.web;

import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.web.problem.Problem;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.method.HandlerMethod;

/**
 * What {@code /api/v1/openapi.json} says beyond what is read off the controllers: the headers that the access rules ask
 * for, the parameters of lists, the problem every operation may answer with, and which fields are always there.
 */
@Configuration(proxyBeanMethods = false)
class OpenApiDescription {
    private static final String PROBLEM = "#/components/schemas/Problem";
    private static final Set<String> READING = Set.of("get", "head");

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(ActingMember.class, Caller.class, Paging.class);
        JsonRules.ID_TYPES.forEach(type -> SpringDocUtils.getConfig().replaceWithSchema(type, uuid()));
    }

    @Bean
    OpenAPI openApi() {
        License license = new License().name("Apache-2.0");
        license.setIdentifier("Apache-2.0");
        return new OpenAPI()
                .info(new Info().title("Postwatch API").version("v1").license(license));
    }

    /** Fields that are never null are always there. */
    @Bean
    ModelConverter recordComponents() {
        return new ModelConverter() {
            @Override
            public @Nullable Schema<?> resolve(
                    AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
                Schema<?> resolved = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
                Class<?> raw = Json31.mapper().constructType(type.getType()).getRawClass();
                if (resolved != null && raw.isRecord()) {
                    Schema<?> model = resolved.get$ref() == null
                            ? resolved
                            : context.getDefinedModels().get(lastPart(resolved.get$ref()));
                    if (model != null && model.getProperties() != null) {
                        model.setRequired(required(model, raw));
                    }
                }
                return resolved;
            }
        };
    }

    private static @Nullable List<String> required(Schema<?> model, Class<?> record) {
        Set<String> required = new LinkedHashSet<>();
        for (RecordComponent component : record.getRecordComponents()) {
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            boolean asked = model.getRequired() != null && model.getRequired().contains(component.getName());
            if ((!nullable || asked) && model.getProperties().containsKey(component.getName())) {
                required.add(component.getName());
            }
        }
        return required.isEmpty() ? null : List.copyOf(required);
    }

    @Bean
    GlobalOperationCustomizer accessRules() {
        return (operation, handler) -> {
            List<Parameter> parameters =
                    new ArrayList<>(operation.getParameters() == null ? List.of() : operation.getParameters());
            boolean paged = Arrays.stream(handler.getMethodParameters())
                    .anyMatch(parameter -> parameter.getParameterType() == Paging.class);
            if (paged) {
                parameters.addAll(0, List.of(cursor(), limit()));
            }
            if (handler.hasMethodAnnotation(ForMembers.class)) {
                parameters.add(
                        handler.hasMethodAnnotation(NoActivity.class)
                                ? new Parameter().name("tenant").in("query").schema(uuid())
                                : required("header", AccessInterceptor.TENANT_HEADER, uuid()));
            }
            // Absent says the same.
            parameters.stream()
                    .filter(parameter -> Boolean.FALSE.equals(parameter.getRequired()))
                    .forEach(parameter -> parameter.setRequired(null));
            operation.setParameters(parameters);
            successOf(operation, handler);
            return operation;
        };
    }

    private static void successOf(Operation operation, HandlerMethod handler) {
        ApiResponses responses = operation.getResponses();
        boolean empty = handler.getMethod().getReturnType() == ResponseEntity.class
                && handler.getMethod().getGenericReturnType().getTypeName().contains("java.lang.Void");
        if (empty) {
            responses.remove("200");
            responses.addApiResponse("204", new ApiResponse().description("OK"));
        }
        responses.values().forEach(response -> response.setDescription("OK"));
        if (handler.hasMethodAnnotation(NoActivity.class)) {
            responses.addApiResponse(
                    "200",
                    new ApiResponse()
                            .description("OK")
                            .content(new Content().addMediaType("text/event-stream", new MediaType().schema(text()))));
        }
    }

    @Bean
    GlobalOpenApiCustomizer wholeDocument() {
        return api -> {
            api.setServers(null);
            api.setTags(null);
            // No controller returns it by its type.
            api.getComponents()
                    .getSchemas()
                    .putAll(ModelConverters.getInstance(true).readAll(Problem.class));
            renamePages(api);
            api.getPaths()
                    .values()
                    .forEach(path -> path.readOperationsMap().forEach((method, operation) -> {
                        boolean open = operation.getOperationId().equals("signIn")
                                || operation.getOperationId().equals("setUp");
                        if (!open && !READING.contains(method.name().toLowerCase(java.util.Locale.ROOT))) {
                            operation.getParameters().add(required("header", AccessInterceptor.CSRF_HEADER, text()));
                        }
                        operation.getResponses().addApiResponse("default", problem());
                        operation.getResponses().values().forEach(OpenApiDescription::asJson);
                    }));
        };
    }

    /** {@code Page<Monitor>} is called MonitorPage. */
    private static void renamePages(OpenAPI api) {
        var schemas = api.getComponents().getSchemas();
        for (String name : List.copyOf(schemas.keySet())) {
            schemas.put(pageName(name), schemas.remove(name));
        }
        api.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .flatMap(operation -> operation.getResponses().values().stream())
                .filter(response -> response.getContent() != null)
                .flatMap(response -> response.getContent().values().stream())
                .map(MediaType::getSchema)
                .filter(schema -> schema != null && schema.get$ref() != null)
                .forEach(schema -> schema.set$ref("#/components/schemas/" + pageName(lastPart(schema.get$ref()))));
    }

    private static String pageName(String name) {
        return name.matches("Page[A-Z].*") ? name.substring("Page".length()) + "Page" : name;
    }

    private static void asJson(ApiResponse response) {
        Content content = response.getContent();
        if (content != null && content.containsKey("*/*")) {
            response.setContent(new Content().addMediaType("application/json", content.get("*/*")));
        }
    }

    private static ApiResponse problem() {
        return new ApiResponse()
                .description("A problem")
                .content(new Content()
                        .addMediaType(
                                "application/problem+json", new MediaType().schema(new Schema<>().$ref(PROBLEM))));
    }

    private static Parameter cursor() {
        return new Parameter().name("cursor").in("query").schema(text());
    }

    private static Parameter limit() {
        Schema<Integer> schema = new Schema<>();
        schema.addType("integer");
        schema.setFormat("int32");
        schema.setMinimum(java.math.BigDecimal.ONE);
        schema.setMaximum(java.math.BigDecimal.valueOf(Paging.MAX_LIMIT));
        schema.setDefault(Paging.DEFAULT_LIMIT);
        return new Parameter().name("limit").in("query").schema(schema);
    }

    private static Parameter required(String in, String name, Schema<?> schema) {
        return new Parameter().name(name).in(in).required(true).schema(schema);
    }

    private static Schema<String> text() {
        Schema<String> schema = new Schema<>();
        schema.addType("string");
        return schema;
    }

    private static Schema<String> uuid() {
        Schema<String> schema = text();
        schema.format("uuid");
        return schema;
    }

    private static String lastPart(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }
}
