"use client";

import { useEffect } from "react";

import { openCheckout } from "../checkout.js";

export function Checkout() {
  useEffect(() => void openCheckout(), []);
  return <div id="checkout" />;
}
