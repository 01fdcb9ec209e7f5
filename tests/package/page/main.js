import { openCheckout } from "./checkout.js";

openCheckout();
