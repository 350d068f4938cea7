package io.postwatch.controller.web;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.DomainProofId;
import io.postwatch.controller.shared.id.EnrolmentTokenId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.MonitorTestId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.UserId;
import java.util.Map;
import java.util.Set;
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
    private static final Map<Class<?>, Function<UUID, ?>> IDS = Map.of(
            TenantId.class, TenantId::new,
            UserId.class, UserId::new,
            ComponentId.class, ComponentId::new,
            MonitorId.class, MonitorId::new,
            MonitorTestId.class, MonitorTestId::new,
            LocationId.class, LocationId::new,
            AgentId.class, AgentId::new,
            EnrolmentTokenId.class, EnrolmentTokenId::new,
            DomainProofId.class, DomainProofId::new);

    /** Texts in JSON, UUIDs in the contract. */
    static final Set<Class<?>> ID_TYPES = IDS.keySet();

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
        IDS.forEach((type, make) -> id(module, type, make));
        return module;
    }

    // The map holds, for each class, a function that makes it.
    @SuppressWarnings("unchecked")
    private static <T> void id(SimpleModule module, Class<T> type, Function<UUID, ?> make) {
        module.addSerializer(type, new ToStringSerializer(type));
        module.addDeserializer(type, new TypedId<>(type, (Function<UUID, T>) make));
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
