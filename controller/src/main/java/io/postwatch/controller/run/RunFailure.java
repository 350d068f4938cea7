package io.postwatch.controller.run;

import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Phase;
import org.jspecify.annotations.Nullable;

/** Why a run was not OK. Phase is absent where none had begun; message is one sentence for people; serverReply is sanitised and may be empty. */
public record RunFailure(FailureCode code, @Nullable Phase phase, String message, String serverReply) {}
