# Asks a running service whether it is ready; fails when it is not. Not a data source of the http provider, so that a
# test needs no provider but the one under test.

variable "url" {
  description = "Where the service answers."
  type        = string
}

resource "terraform_data" "readyz" {
  provisioner "local-exec" {
    command = "curl --fail --silent --show-error --max-time 5 \"$URL/readyz\""

    environment = {
      URL = var.url
    }
  }
}
