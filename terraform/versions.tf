# terraform-providers/docker is archived; kreuzwerker/docker continues it under the same resource names. A state that
# still holds the old one is moved with
# `terraform state replace-provider registry.terraform.io/-/docker registry.terraform.io/kreuzwerker/docker`.
terraform {
  required_version = ">= 1.7" # the tests mock the provider

  required_providers {
    docker = {
      source  = "kreuzwerker/docker"
      version = "~> 4.5"
    }
  }
}

provider "docker" {
  host = var.docker_host
}
