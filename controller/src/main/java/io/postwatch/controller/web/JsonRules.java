package io.postwatch.controller.web;

import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.ComponentId;
import io.postwatch.controller.shared.EnrolmentTokenId;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.MonitorId;
import io.postwatch.controller.shared.MonitorTestId;
import io.postwatch.controller.shared.TenantId;
import io.postwatch.controller.shared.UserId;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** How JSON is read and written: nothing is guessed, nothing unknown passes, and ids are texts. */
@Component
class JsonRules implements JsonMapperBuilderCustomizer {
    @Override
    public void customize(JsonMapper.Builder builder) {
        builder.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .changeDefaultPropertyInclusion(inclusion ->
                        inclusion.withValueInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL))
                .addModule(typedIds());
    }

    private static SimpleModule typedIds() {
        SimpleModule module = new SimpleModule("postwatch");
        module.addDeserializer(String.class, new StorableText());
        id(module, TenantId.class, TenantId::new);
        id(module, UserId.class, UserId::new);
        id(module, ComponentId.class, ComponentId::new);
        id(module, MonitorId.class, MonitorId::new);
        id(module, MonitorTestId.class, MonitorTestId::new);
        id(module, LocationId.class, LocationId::new);
        id(module, AgentId.class, AgentId::new);
        id(module, EnrolmentTokenId.class, EnrolmentTokenId::new);
        return module;
    }

    private static <T> void id(SimpleModule module, Class<T> type, Function<UUID, T> make) {
        module.addSerializer(type, new ToStringSerializer(type));
        module.addDeserializer(type, new TypedId<>(type, make));
    }

    private static final class TypedId<T> extends StdDeserializer<T> {
        private final Function<UUID, T> make;

        TypedId(Class<T> type, Function<UUID, T> make) {
            super(type);
            this.make = make;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws JacksonException {
            return make.apply(context.readValue(parser, UUID.class));
        }
    }

    /** Texts only, and none that a database can't store. */
    private static final class StorableText extends StdDeserializer<String> {
        StorableText() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws JacksonException {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (String) context.handleUnexpectedToken(getValueType(context), parser);
            }
            String text = parser.getString();
            if (text.indexOf('\0') >= 0 || hasLoneSurrogate(text)) {
                throw context.weirdStringException("", String.class, "not a text that can be stored");
            }
            return text;
        }

        private static boolean hasLoneSurrogate(String text) {
            return text.codePoints().anyMatch(point -> point >= 0xD800 && point <= 0xDFFF);
        }
    }
}
