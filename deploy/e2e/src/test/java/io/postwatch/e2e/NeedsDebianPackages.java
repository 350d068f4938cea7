package io.postwatch.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * This test uses mail servers or a browser that {@code deploy/verify} fetches. It runs when the system property
 * {@code postwatch.e2e} is {@code all}, and then fails where they are missing; else it is left out, and
 * {@link LeftOutTests} names it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsDebianPackages.Condition.class)
@interface NeedsDebianPackages {

    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return "all".equals(System.getProperty("postwatch.e2e"))
                    ? ConditionEvaluationResult.enabled("everything is on")
                    : ConditionEvaluationResult.disabled("needs what deploy/verify fetches");
        }
    }
}
