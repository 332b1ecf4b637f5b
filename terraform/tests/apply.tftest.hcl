# Builds and runs the container on the Docker engine at hand, asks it for /readyz, and removes everything again.
# TF_VAR_base_image names another base than the official one.

variables {
  image_name     = "crosspatch-test"
  container_name = "crosspatch-test"
  port           = 18080
}

run "applies" {
  command = apply

  assert {
    condition     = output.container_name == "crosspatch-test"
    error_message = "the container must have the name asked for"
  }
  assert {
    condition     = startswith(output.image_id, "sha256:")
    error_message = "the image must have been built"
  }
}

run "answers_readyz" {
  command = apply

  module {
    source = "./tests/readyz"
  }

  variables {
    url = run.applies.url
  }
}

run "changes_nothing_when_nothing_changed" {
  command = plan

  # What would be replaced is unknown in a plan, and fails the comparison.
  assert {
    condition     = output.image_id == run.applies.image_id && length(docker_container.crosspatch.id) > 0
    error_message = "image and container must stay the same"
  }
}
