/**
 * Every refusal of the REST API in one shape: its stable code, its sentence and the fields to blame, also where Spring, the
 * JSON parser or the database refuses. Modules throw a {@link ProblemException} and declare codes of their own beside it.
 */
@NamedInterface("problem")
@NullMarked
package io.postwatch.controller.web.problem;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
